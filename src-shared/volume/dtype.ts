import { AppError } from '../api/appError.ts';

/** Voxel types this program reads and writes, named as numpy names them. */
export const dtypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'float64',
] as const;
export type Dtype = (typeof dtypes)[number];

interface DtypeFacts {
  /** NIfTI datatype code (nifti1.h). */
  readonly code: number;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Smallest and largest number it holds; 64-bit limits are rounded to what a double holds. */
  readonly range: readonly [lowest: number, highest: number];
}

export const dtypeFacts: Readonly<Record<Dtype, DtypeFacts>> = {
  uint8: { code: 2, bytes: 1, range: [0, 255] },
  int8: { code: 256, bytes: 1, range: [-128, 127] },
  uint16: { code: 512, bytes: 2, range: [0, 65535] },
  int16: { code: 4, bytes: 2, range: [-32768, 32767] },
  uint32: { code: 768, bytes: 4, range: [0, 4294967295] },
  int32: { code: 8, bytes: 4, range: [-2147483648, 2147483647] },
  uint64: { code: 1280, bytes: 8, range: [0, 18446744073709549568] },
  int64: { code: 1024, bytes: 8, range: [-9223372036854775808, 9223372036854774784] },
  float32: { code: 16, bytes: 4, range: [-3.4028234663852886e38, 3.4028234663852886e38] },
  float64: { code: 64, bytes: 8, range: [-Number.MAX_VALUE, Number.MAX_VALUE] },
};

export const isFloat = (dtype: Dtype): boolean => dtype === 'float32' || dtype === 'float64';

const byCode = new Map<number, Dtype>(dtypes.map((dtype) => [dtypeFacts[dtype].code, dtype]));

const refused = new Map<number, readonly [kind: string, sentence: string]>([
  [1, ['binary', 'This image stores one bit a voxel, which is not supported.']],
  [32, ['complex64', 'This image has complex numbers. Export the magnitude image instead.']],
  [1792, ['complex128', 'This image has complex numbers. Export the magnitude image instead.']],
  [2048, ['complex256', 'This image has complex numbers. Export the magnitude image instead.']],
  [128, ['rgb24', 'This is a colour image (RGB), not an MRI volume of one value a voxel.']],
  [2304, ['rgba32', 'This is a colour image (RGBA), not an MRI volume of one value a voxel.']],
  [1536, ['float128', 'This image has 128-bit numbers. Convert it to 32-bit numbers first.']],
]);

/** Throws `nifti-dtype` for colour, complex, bit and 128-bit images and for codes that mean nothing. */
export function dtypeOfCode(code: number): Dtype {
  const dtype = byCode.get(code);
  if (dtype !== undefined) return dtype;
  const [kind, sentence] = refused.get(code) ?? [
    'unknown',
    'The header of this image names a voxel type that does not exist. The file may be damaged.',
  ];
  throw new AppError('nifti-dtype', sentence, { code, kind });
}
