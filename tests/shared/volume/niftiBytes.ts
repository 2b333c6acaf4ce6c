import { dtypeFacts, type Dtype } from '../../../src-shared/volume/dtype.ts';

export interface Made {
  version?: 1 | 2;
  littleEndian?: boolean;
  dtype?: Dtype;
  /** Overrides the code of `dtype`. */
  code?: number;
  dims?: readonly number[];
  slope?: number;
  intercept?: number;
  sformCode?: number;
  srow?: readonly number[];
  qformCode?: number;
  quaternion?: readonly [number, number, number];
  qoffset?: readonly [number, number, number];
  pixdim?: readonly [number, number, number, number];
  voxelOffset?: number;
  pair?: boolean;
  text?: string;
  units?: number;
  /** Bytes between header and voxels, flagged as an extension. */
  extension?: Uint8Array;
  values?: readonly number[];
}

/** A NIfTI file put together byte by byte from the definition (nifti1.h, nifti2.h), without the code under test. */
export function niftiBytes(made: Made): Uint8Array {
  const {
    version = 1,
    littleEndian = true,
    dtype = 'int16',
    dims = [3, 2, 2, 2],
    slope = 0,
    intercept = 0,
    sformCode = 1,
    srow = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    qformCode = 0,
    quaternion = [0, 0, 0],
    qoffset = [0, 0, 0],
    pixdim = [1, 1, 1, 1],
    pair = false,
    text = '',
    units = 2,
    extension,
    values = [],
  } = made;
  const size = dtypeFacts[dtype].bytes;
  const header = version === 1 ? 348 : 540;
  const offset = made.voxelOffset ?? (pair ? 0 : header + 4 + (extension?.length ?? 0));
  const start = pair ? header + 4 : offset >= header + 4 ? offset : header + 4;
  const file = new Uint8Array(start + (pair ? 0 : values.length * size));
  const view = new DataView(file.buffer);
  const le = littleEndian;
  const floats = (at: number, ...list: number[]): void =>
    list.forEach((v, n) =>
      version === 1 ? view.setFloat32(at + 4 * n, v, le) : view.setFloat64(at + 8 * n, v, le),
    );
  const letters = (at: number, word: string): void =>
    new TextEncoder().encode(word).forEach((byte, n) => (file[at + n] = byte));
  view.setInt32(0, header, le);
  const allDims = [...dims, 1, 1, 1, 1, 1, 1, 1].slice(0, 8);
  const code = made.code ?? dtypeFacts[dtype].code;
  if (version === 1) {
    letters(344, pair ? 'ni1' : 'n+1');
    allDims.forEach((n, axis) => view.setInt16(40 + 2 * axis, n, le));
    view.setInt16(70, code, le);
    view.setInt16(72, size * 8, le);
    floats(76, ...pixdim);
    floats(108, offset, slope, intercept);
    file[123] = units;
    view.setInt16(252, qformCode, le);
    view.setInt16(254, sformCode, le);
    floats(256, ...quaternion, ...qoffset);
    floats(280, ...srow);
    for (const [at, length] of [
      [4, 10],
      [14, 18],
      [148, 80],
      [228, 24],
      [328, 16],
    ])
      letters(at, text.slice(0, length));
  } else {
    letters(4, pair ? 'ni2' : 'n+2');
    file.set([0x0d, 0x0a, 0x1a, 0x0a], 8);
    view.setInt16(12, code, le);
    view.setInt16(14, size * 8, le);
    allDims.forEach((n, axis) => view.setBigInt64(16 + 8 * axis, BigInt(n), le));
    floats(104, ...pixdim);
    view.setBigInt64(168, BigInt(offset), le);
    floats(176, slope, intercept);
    view.setInt32(344, qformCode, le);
    view.setInt32(348, sformCode, le);
    floats(352, ...quaternion, ...qoffset);
    floats(400, ...srow);
    view.setInt32(500, units, le);
    for (const [at, length] of [
      [240, 80],
      [320, 24],
      [508, 16],
    ])
      letters(at, text.slice(0, length));
  }
  if (extension !== undefined) {
    file[header] = 1;
    file.set(extension, header + 4);
  }
  if (!pair) file.set(voxelBytes(values, dtype, le), start);
  return file;
}

export function voxelBytes(values: readonly number[], dtype: Dtype, littleEndian: boolean): Uint8Array {
  const size = dtypeFacts[dtype].bytes;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((v, n) => {
    const at = n * size;
    if (dtype === 'float32') view.setFloat32(at, v, littleEndian);
    else if (dtype === 'float64') view.setFloat64(at, v, littleEndian);
    else if (dtype === 'uint8') view.setUint8(at, v);
    else if (dtype === 'int8') view.setInt8(at, v);
    else if (dtype === 'uint16') view.setUint16(at, v, littleEndian);
    else if (dtype === 'int16') view.setInt16(at, v, littleEndian);
    else if (dtype === 'uint32') view.setUint32(at, v, littleEndian);
    else if (dtype === 'int32') view.setInt32(at, v, littleEndian);
    else if (dtype === 'uint64') view.setBigUint64(at, BigInt(v), littleEndian);
    else view.setBigInt64(at, BigInt(v), littleEndian);
  });
  return bytes;
}
