import type { Affine } from './affine.ts';

/** Numbers of voxels along the stored axes, first axis fastest. */
export type Shape = readonly [nx: number, ny: number, nz: number];

/** Where voxels lie. Two images are on one grid when shape and affine agree. */
export interface Grid {
  readonly shape: Shape;
  readonly affine: Affine;
}

/**
 * A 3D image of true values (scl_slope and scl_inter applied), first axis fastest. Float32 where that holds
 * every stored value exactly or the file is float32; Float64 for wider types.
 */
export interface Volume extends Grid {
  readonly values: Float32Array | Float64Array;
}

/** One byte a voxel on a grid: 0 outside, 1 inside. */
export interface Mask extends Grid {
  readonly bits: Uint8Array;
}

/** One label a voxel on a grid; 0 is background. */
export interface LabelVolume extends Grid {
  readonly labels: Uint8Array;
}

export const voxelCount = (shape: Shape): number => shape[0] * shape[1] * shape[2];

/** Volume of one voxel in millilitres. */
export function voxelMl({ affine: m }: Grid): number {
  const det =
    m[0] * (m[5] * m[10] - m[6] * m[9]) -
    m[1] * (m[4] * m[10] - m[6] * m[8]) +
    m[2] * (m[4] * m[9] - m[5] * m[8]);
  return Math.abs(det) / 1000;
}

/** Shapes equal and every affine entry within `toleranceMm` (default 1e-3, the rounding of stored float32 forms). */
export function sameGrid(a: Grid, b: Grid, toleranceMm = 1e-3): boolean {
  return (
    a.shape.every((n, axis) => n === b.shape[axis]) &&
    a.affine.every((value, entry) => Math.abs(value - b.affine[entry]) <= toleranceMm)
  );
}

export function countInside(bits: Uint8Array): number {
  let n = 0;
  for (const bit of bits) n += bit;
  return n;
}

export const maskMl = (mask: Mask): number => countInside(mask.bits) * voxelMl(mask);
