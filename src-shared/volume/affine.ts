import { AppError } from '../api/appError.ts';
import { voxelPoint, worldPoint, type Branded, type VoxelPoint, type WorldPoint } from './points.ts';

/** The upper three rows of a 4 x 4 matrix, row by row: 12 numbers. */
export type Matrix = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
]; // prettier-ignore

/** Voxel indices to RAS+ millimetres, as in the NIfTI sform (nibabel's `img.affine`). */
export type Affine = Branded<Matrix, 'voxel to world'>;

/** RAS+ millimetres of one scan to RAS+ millimetres of another. */
export type WorldTransform = Branded<Matrix, 'world to world'>;

export const affineOf = (m: Matrix): Affine => m as Affine;
export const worldTransformOf = (m: Matrix): WorldTransform => m as WorldTransform;

export const identityMatrix: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

export function applyMatrix(m: Matrix, x: number, y: number, z: number): [number, number, number] {
  return [
    m[0] * x + m[1] * y + m[2] * z + m[3],
    m[4] * x + m[5] * y + m[6] * z + m[7],
    m[8] * x + m[9] * y + m[10] * z + m[11],
  ];
}

/** The matrix that does `b` first and then `a`. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const out: number[] = [];
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) {
      const row = r * 4;
      out.push(a[row] * b[c] + a[row + 1] * b[4 + c] + a[row + 2] * b[8 + c] + (c === 3 ? a[row + 3] : 0));
    }
  }
  return out as unknown as Matrix;
}

/** Throws `matrix-singular` where the three axes do not span space. */
export function invert(m: Matrix): Matrix {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = m;
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const det = a * A + b * B + c * C;
  if (!Number.isFinite(det) || Math.abs(det) < 1e-12) {
    throw new AppError(
      'matrix-singular',
      'The orientation of this image has no volume: its axes lie in one plane.',
    );
  }
  const r: Matrix = [
    A / det, (c * h - b * i) / det, (b * f - c * e) / det, 0,
    B / det, (a * i - c * g) / det, (c * d - a * f) / det, 0,
    C / det, (b * g - a * h) / det, (a * e - b * d) / det, 0,
  ]; // prettier-ignore
  const [x, y, z] = applyMatrix(r, tx, ty, tz);
  return [r[0], r[1], r[2], -x, r[4], r[5], r[6], -y, r[8], r[9], r[10], -z];
}

export function toWorld(affine: Affine, [i, j, k]: VoxelPoint): WorldPoint {
  return worldPoint(...applyMatrix(affine, i, j, k));
}

export function toVoxel(affine: Affine, [x, y, z]: WorldPoint): VoxelPoint {
  return voxelPoint(...applyMatrix(invert(affine), x, y, z));
}

/** Lengths of the three voxel axes in mm. */
export function spacingOf(affine: Affine): readonly [number, number, number] {
  return [
    Math.hypot(affine[0], affine[4], affine[8]),
    Math.hypot(affine[1], affine[5], affine[9]),
    Math.hypot(affine[2], affine[6], affine[10]),
  ];
}
