import { affineOf, applyMatrix, invert, spacingOf, type Matrix } from '../volume/affine.ts';
import { distanceTo } from '../volume/distance.ts';
import type { Shape, Volume } from '../volume/volume.ts';
import { pointFates } from './pointFate.ts';
import type { SkinLevel } from './skinMesh.ts';
import type { SkinPoints } from './skinPoints.ts';

/** Depths beyond this are not told apart. */
export const deepestMm = 40;
/** Distances are measured on cells of about this edge. */
const cellMm = 2;

export interface DepthInput {
  readonly points: SkinPoints;
  /** 0 for points that are not asked for. */
  readonly regions: Uint8Array;
  readonly fates: Uint8Array;
  readonly original: Volume;
  /** Value above air of a voxel in the original and in the defacing. */
  readonly before: (voxel: number) => number;
  readonly after: (voxel: number) => number;
  readonly level: SkinLevel;
  /** Filled: mm from each point to the nearest tissue left, 0 where the skin is kept. */
  readonly depths: Float32Array;
}

/** How far each point of the skin lies from the nearest tissue that a defacing left, 0 to `deepestMm`. */
export function depthOfRemoval(input: DepthInput): void {
  const { points, regions, fates, original, depths } = input;
  const toVoxel = invert(original.affine);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const asked: number[] = [];
  for (let n = 0; n < points.count; n++) {
    if (regions[n] === 0 || fates[n] === pointFates.kept || fates[n] === pointFates.unknown) continue;
    asked.push(n);
    const at = applyMatrix(toVoxel, points.positions[3 * n], points.positions[3 * n + 1], points.positions[3 * n + 2]); // prettier-ignore
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], at[axis]);
      high[axis] = Math.max(high[axis], at[axis]);
    }
  }
  if (asked.length === 0) return;
  const spacing = spacingOf(original.affine);
  const first = low.map((c, axis) => Math.max(0, Math.floor(c - deepestMm / spacing[axis])));
  const last = high.map((c, axis) =>
    Math.min(original.shape[axis] - 1, Math.ceil(c + deepestMm / spacing[axis])),
  );
  const step = spacing.map((mm) => Math.max(1, Math.round(cellMm / mm)));
  const shape = first.map(
    (from, axis) => Math.floor((last[axis] - from) / step[axis]) + 1,
  ) as unknown as Shape;
  const bits = leftTissue(input, { first, step, shape });
  const m = original.affine;
  const affine = affineOf([0, 4, 8].flatMap((r) => [
    m[r] * step[0], m[r + 1] * step[1], m[r + 2] * step[2],
    m[r] * first[0] + m[r + 1] * first[1] + m[r + 2] * first[2] + m[r + 3],
  ]) as unknown as Matrix); // prettier-ignore
  const distance = distanceTo({ shape, affine, bits }, { saturateMm: deepestMm });
  const toCell = invert(affine);
  const half = Math.min(...spacing.map((mm, axis) => mm * step[axis])) / 2;
  for (const n of asked) {
    const at = applyMatrix(toCell, points.positions[3 * n], points.positions[3 * n + 1], points.positions[3 * n + 2]); // prettier-ignore
    const [i, j, k] = at.map((c, axis) => Math.max(0, Math.min(shape[axis] - 1, Math.round(c))));
    const mm = distance[i + shape[0] * (j + shape[1] * k)];
    depths[n] = mm >= deepestMm ? deepestMm : Math.max(0, mm - half);
  }
}

/** 1 where a cell's middle voxel was tissue and still is: more than half of its value left. */
function leftTissue(
  { original, before, after, level }: DepthInput,
  { first, step, shape }: { first: readonly number[]; step: readonly number[]; shape: Shape },
): Uint8Array {
  const [nx, ny] = original.shape;
  const bits = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const threshold = level.level - level.darkest;
  for (let k = 0, n = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      const row = nx * (first[1] + j * step[1] + ny * (first[2] + k * step[2])) + first[0];
      for (let i = 0; i < shape[0]; i++, n++) {
        const at = row + i * step[0];
        const was = before(at);
        if (was > threshold && after(at) > was / 2) bits[n] = 1;
      }
    }
  }
  return bits;
}
