import { AppError } from '../api/appError.ts';
import { countInside, type Grid, type Mask } from '../volume/volume.ts';
import { agreedSlope } from './agreedSlope.ts';
import { lowerSagittalHull } from './sagittalHull.ts';

/** Everything with `normal` times its world position above `offsetMm` is removed. */
export interface ShearPlane {
  /** Length 1, towards the front and below; its first entry, left-right, is 0. */
  readonly normal: readonly [x: number, y: number, z: number];
  readonly offsetMm: number;
  /** How steeply the plane rises towards the front, 0 level, 90 upright. */
  readonly slopeDegrees: number;
}

export interface Sheared {
  /** On the brain mask's grid. */
  readonly removal: Mask;
  readonly plane: ShearPlane;
  /** 0 means that the plane misses the image: nothing was defaced. */
  readonly removedVoxels: number;
}

/** The distance kept between brain and plane unless told otherwise; see help/tools/quickshear-builtin.md. */
export const defaultBufferMm = 5;

/**
 * The shearing plane of Schimke and Hale ("Quickshear defacing for neuroimages", USENIX HealthSec 2011): seen from the
 * side, the plane that lies against the brain from the front and below, moved away from it by `bufferMm`, perpendicular to
 * itself; all on its far side is removed. `brain` on the image's grid, of any orientation and spacing.
 *
 * Differences from the published program: the plane follows the direction most of the hull's front lower side agrees on
 * rather than the hull's first segment, so a ragged tip of the mask does not turn it; all lengths are millimetres of
 * the world, so obliquity, spacing and the lengths of the axes do not matter; nothing is wrapped round at the borders.
 *
 * No brain voxel is ever removed. Throws `buffer-negative`, `brain-mask-empty`, and `brain-mask-implausible` for a mask that
 * fills the field or has no front lower side.
 */
export function shear({ brain, bufferMm = defaultBufferMm }: { brain: Mask; bufferMm?: number }): Sheared {
  if (!(bufferMm >= 0 && bufferMm < Infinity)) {
    throw new AppError('buffer-negative', 'The distance kept around the brain must be 0 mm or more.', {
      bufferMm,
    });
  }
  const brainVoxels = countInside(brain.bits);
  if (brainVoxels === 0) {
    throw new AppError(
      'brain-mask-empty',
      'The brain mask of this scan is empty. Make or choose another one.',
    );
  }
  if (brainVoxels > 0.9 * brain.bits.length) {
    throw implausible('The brain mask fills the whole image, so it shows no brain.', { brainVoxels });
  }
  const hull = lowerSagittalHull(brain);
  const slopeDegrees = agreedSlope(hull);
  if (slopeDegrees === null) {
    throw implausible('The brain mask has no front lower side to lay a plane against.', { brainVoxels });
  }
  const slope = (slopeDegrees * Math.PI) / 180;
  const [ny, nz] = [Math.sin(slope), -Math.cos(slope)];
  const support = Math.max(...hull.map(([y, z]) => ny * y + nz * z));
  // A thousandth of a millimetre keeps the hull's own voxels on the near side however they are rounded.
  const plane = { normal: [0, ny, nz] as const, offsetMm: support + bufferMm + 1e-3, slopeDegrees };
  const bits = beyond(plane, brain);
  return {
    removal: { shape: brain.shape, affine: brain.affine, bits },
    plane,
    removedVoxels: countInside(bits),
  };
}

const implausible = (sentence: string, facts: Record<string, unknown>): AppError =>
  new AppError('brain-mask-implausible', `${sentence} Make or choose another one.`, facts);

/** 1 for voxels whose centre lies beyond the plane, a stretch of each row at a time. */
function beyond(
  { normal: [, b, c], offsetMm }: ShearPlane,
  { shape: [nx, ny, nz], affine: m }: Grid,
): Uint8Array {
  const bits = new Uint8Array(nx * ny * nz);
  const step = b * m[4] + c * m[8];
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row += nx) {
      const first = b * (m[5] * j + m[6] * k + m[7]) + c * (m[9] * j + m[10] * k + m[11]) - offsetMm;
      if (Math.abs(step) * nx < 1e-9) {
        if (first > 0) bits.fill(1, row, row + nx);
        continue;
      }
      const crossing = Math.min(nx, Math.max(-1, -first / step));
      if (step > 0) bits.fill(1, row + Math.floor(crossing) + 1, row + nx);
      else bits.fill(1, row, row + Math.max(0, Math.ceil(crossing)));
    }
  }
  return bits;
}
