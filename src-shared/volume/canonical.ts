import { affineOf, spacingOf, type Affine } from './affine.ts';
import type { Grid, LabelVolume, Mask, Shape, Volume } from './volume.ts';

/** How stored axes become canonical ones (first to the right, second to the front, third upwards, as nearly as they go). */
export interface AxisOrder {
  /** The stored axis that becomes canonical axis 0, 1, 2. */
  readonly axes: readonly [number, number, number];
  /** Whether that stored axis runs the other way. */
  readonly flips: readonly [boolean, boolean, boolean];
}

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** The order in which the stored axes lie nearest to right, anterior, superior: the largest sum of cosines. */
export function axisOrder(affine: Affine): AxisOrder {
  const spacing = spacingOf(affine);
  const cosine = (row: number, axis: number): number => affine[row * 4 + axis] / spacing[axis];
  const closeness = (axes: readonly number[]): number =>
    axes.reduce((sum, axis, row) => sum + Math.abs(cosine(row, axis)), 0);
  let best: readonly [number, number, number] = permutations[0];
  for (const axes of permutations) if (closeness(axes) > closeness(best) + 1e-9) best = axes;
  return { axes: best, flips: [cosine(0, best[0]) < 0, cosine(1, best[1]) < 0, cosine(2, best[2]) < 0] };
}

/** Largest angle in degrees between a voxel axis and the anatomical axis it is nearest to: 0 where the grid is straight. */
export function obliquityDegrees(affine: Affine): number {
  const spacing = spacingOf(affine);
  const angles = axisOrder(affine).axes.map((axis, row) => {
    const cosine = Math.min(1, Math.abs(affine[row * 4 + axis]) / spacing[axis]);
    return (Math.acos(cosine) * 180) / Math.PI;
  });
  return Math.max(...angles);
}

export function canonicalGrid({ shape, affine: m }: Grid): Grid {
  const { axes, flips } = axisOrder(m);
  const out = [0, 0, 0, m[3], 0, 0, 0, m[7], 0, 0, 0, m[11]];
  for (let to = 0; to < 3; to++) {
    for (let row = 0; row < 3; row++) {
      const step = m[row * 4 + axes[to]];
      out[row * 4 + to] = flips[to] ? -step : step;
      if (flips[to]) out[row * 4 + 3] += step * (shape[axes[to]] - 1);
    }
  }
  return {
    shape: [shape[axes[0]], shape[axes[1]], shape[axes[2]]],
    affine: affineOf(out as unknown as Affine),
  };
}

/** The same voxels with axes permuted and flipped to the nearest RAS+; nothing is interpolated. Already so: the same arrays. */
export function canonicalVolume(volume: Volume): Volume {
  return { ...canonicalGrid(volume), values: toOrder(volume.values, volume.shape, axisOrder(volume.affine)) };
}

export function canonicalMask(mask: Mask): Mask {
  return { ...canonicalGrid(mask), bits: toOrder(mask.bits, mask.shape, axisOrder(mask.affine)) };
}

export function canonicalLabels(volume: LabelVolume): LabelVolume {
  return { ...canonicalGrid(volume), labels: toOrder(volume.labels, volume.shape, axisOrder(volume.affine)) };
}

/** The exact way back: a mask made on the canonical view of `original`, on the original's grid again. */
export function maskFromCanonical(mask: Mask, original: Grid): Mask {
  const bits = fromOrder(mask.bits, original.shape, axisOrder(original.affine));
  return { shape: original.shape, affine: original.affine, bits };
}

export function volumeFromCanonical(volume: Volume, original: Grid): Volume {
  const values = fromOrder(volume.values, original.shape, axisOrder(original.affine));
  return { shape: original.shape, affine: original.affine, values };
}

type Voxels = Uint8Array | Float32Array | Float64Array;

const isIdentity = ({ axes, flips }: AxisOrder): boolean =>
  axes[0] === 0 && axes[1] === 1 && axes[2] === 2 && !flips.includes(true);

function toOrder<T extends Voxels>(stored: T, shape: Shape, order: AxisOrder): T {
  if (isIdentity(order)) return stored;
  const out = emptyLike(stored);
  walk(shape, order, (row, n, step, count) => {
    for (let i = 0, at = n; i < count; i++, at += step) out[row + i] = stored[at];
  });
  return out;
}

function fromOrder<T extends Voxels>(canonical: T, shape: Shape, order: AxisOrder): T {
  if (isIdentity(order)) return canonical;
  const out = emptyLike(canonical);
  walk(shape, order, (row, n, step, count) => {
    for (let i = 0, at = n; i < count; i++, at += step) out[at] = canonical[row + i];
  });
  return out;
}

const emptyLike = <T extends Voxels>(voxels: T): T =>
  new (voxels.constructor as new (n: number) => T)(voxels.length);

/** Calls back once a canonical row: where it begins there, where it begins in the stored array, its step there, its length. */
function walk(
  shape: Shape,
  { axes, flips }: AxisOrder,
  row: (canonicalStart: number, storedStart: number, storedStep: number, count: number) => void,
): void {
  const strides = [1, shape[0], shape[0] * shape[1]];
  const steps = axes.map((axis, to) => (flips[to] ? -strides[axis] : strides[axis]));
  const start = axes.reduce((sum, axis, to) => sum + (flips[to] ? strides[axis] * (shape[axis] - 1) : 0), 0);
  const [nx, ny, nz] = axes.map((axis) => shape[axis]);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) row(nx * (j + ny * k), start + j * steps[1] + k * steps[2], steps[0], nx);
  }
}
