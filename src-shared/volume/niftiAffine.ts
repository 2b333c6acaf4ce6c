import { AppError } from '../api/appError.ts';
import { affineOf, type Affine, type Matrix } from './affine.ts';
import type { Shape } from './volume.ts';

/** The header's statements about where voxels lie (nifti1.h, "3D image orientation and location in space"). */
export interface OrientationFields {
  readonly shape: Shape;
  /** pixdim[0], the handedness: -1 or 1, and 0 means 1. */
  readonly qfac: number;
  readonly pixdim: readonly [number, number, number];
  readonly qformCode: number;
  readonly quaternion: readonly [b: number, c: number, d: number];
  readonly qoffset: readonly [number, number, number];
  readonly sformCode: number;
  readonly srow: Matrix;
}

export type OrientationSource = 'sform' | 'qform' | 'spacing';

/**
 * The affine nibabel would use: the sform if its code is above 0, else the qform if its code is, else spacing alone with
 * the first axis running to the left and the origin in the middle. Throws `nifti-affine` where the form that counts
 * holds NaN or has no volume: falling back to another one would put the head somewhere else unseen.
 */
export function affineFromHeader(fields: OrientationFields): { affine: Affine; source: OrientationSource } {
  const source = fields.sformCode > 0 ? 'sform' : fields.qformCode > 0 ? 'qform' : 'spacing';
  const matrix =
    source === 'sform' ? fields.srow : source === 'qform' ? fromQform(fields) : fromSpacing(fields);
  const [a, b, c, , d, e, f, , g, h, i] = matrix;
  const ml = Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
  if (!matrix.every(Number.isFinite) || !(ml > 1e-9)) {
    throw new AppError(
      'nifti-affine',
      'The position and orientation in the header of this image are not usable. Convert it again from its source.',
      { source },
    );
  }
  return { affine: affineOf(matrix), source };
}

/** nifti1.h, method 2. A vector part longer than 1 by rounding is a half turn and is normalised. */
function fromQform({ quaternion, qfac, pixdim, qoffset }: OrientationFields): Matrix {
  let [b, c, d] = quaternion;
  const rest = 1 - (b * b + c * c + d * d);
  let a = 0;
  if (rest < 1e-7) {
    const length = Math.sqrt(b * b + c * c + d * d);
    b /= length;
    c /= length;
    d /= length;
  } else a = Math.sqrt(rest);
  const [dx, dy] = pixdim;
  const dz = qfac < 0 ? -pixdim[2] : pixdim[2];
  return [
    (a * a + b * b - c * c - d * d) * dx, 2 * (b * c - a * d) * dy, 2 * (b * d + a * c) * dz, qoffset[0],
    2 * (b * c + a * d) * dx, (a * a + c * c - b * b - d * d) * dy, 2 * (c * d - a * b) * dz, qoffset[1],
    2 * (b * d - a * c) * dx, 2 * (c * d + a * b) * dy, (a * a + d * d - b * b - c * c) * dz, qoffset[2],
  ]; // prettier-ignore
}

function fromSpacing({ shape, pixdim: [dx, dy, dz] }: OrientationFields): Matrix {
  const [x, y, z] = [(shape[0] - 1) / 2, (shape[1] - 1) / 2, (shape[2] - 1) / 2];
  return [-dx, 0, 0, x * dx, 0, dy, 0, -y * dy, 0, 0, dz, -z * dz];
}
