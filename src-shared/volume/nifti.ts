import * as reader from 'nifti-reader-js';
import { AppError } from '../api/appError.ts';
import { affineOf, type Affine } from './affine.ts';
import type { Volume } from './volume.ts';

/** First cut: the volumes issue closes the reader's gaps here. `bytes` is the unpacked file. */
export function parseNifti(bytes: ArrayBuffer): Volume {
  const header = reader.readHeader(bytes) as reader.NIFTI1 | null;
  if (header === null) throw new AppError('not-nifti', 'This file is not a NIfTI image.');
  const shape = [header.dims[1], header.dims[2], header.dims[3]] as const;
  const count = shape[0] * shape[1] * shape[2];
  const image = new DataView(reader.readImage(header, bytes));
  const little = header.littleEndian;
  const slope = header.scl_slope === 0 || !Number.isFinite(header.scl_slope) ? 1 : header.scl_slope;
  const inter = Number.isFinite(header.scl_inter) ? header.scl_inter : 0;
  const get: Record<number, [number, (at: number) => number]> = {
    2: [1, (at) => image.getUint8(at)],
    256: [1, (at) => image.getInt8(at)],
    4: [2, (at) => image.getInt16(at, little)],
    512: [2, (at) => image.getUint16(at, little)],
    8: [4, (at) => image.getInt32(at, little)],
    768: [4, (at) => image.getUint32(at, little)],
    16: [4, (at) => image.getFloat32(at, little)],
    64: [8, (at) => image.getFloat64(at, little)],
  };
  const entry = get[header.datatypeCode] as [number, (at: number) => number] | undefined;
  if (entry === undefined) throw new AppError('nifti-dtype', 'This voxel type is not supported.');
  const [size, read] = entry;
  const values = new Float32Array(count);
  for (let n = 0; n < count; n++) values[n] = read(n * size) * slope + inter;
  return { shape, affine: affineFrom(header), values };
}

function affineFrom(header: reader.NIFTI1 | reader.NIFTI2): Affine {
  const m = header.affine;
  return affineOf([...m[0], ...m[1], ...m[2]] as unknown as Affine);
}
