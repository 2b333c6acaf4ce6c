import { faceRegions } from '../regions/faceRegion.ts';
import type { FaceSurface } from '../regions/faceSurface.ts';
import { affineOf } from '../volume/affine.ts';
import type { Grid } from '../volume/volume.ts';

/** The tissue under the skin of the face, on a grid of its own. */
export interface FaceShell {
  /** Cubes in world mm, whatever the scan's voxels are. */
  readonly grid: Grid;
  /** 1 in the shell. */
  readonly bits: Uint8Array;
  readonly voxels: number;
}

/** Side of the cubes: texture of scans with other voxels can be compared only on one grid. */
export const shellCellMm = 2;
/** From the skin to this depth. */
export const shellDepthMm = 8;

/** The shell under the skin of forehead, eyes, nose, mouth, cheeks and jaw of an original; ears do not belong to it. */
export function faceShell({ points: { count, positions, normals }, regions }: FaceSurface): FaceShell | null {
  const ears = new Set(faceRegions.flatMap((region, n) => (region.endsWith('ear') ? [n + 1] : [])));
  const chosen: number[] = [];
  for (let n = 0; n < count; n++) if (regions[n] > 0 && !ears.has(regions[n])) chosen.push(n);
  if (chosen.length === 0) return null;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const n of chosen)
    for (let axis = 0; axis < 3; axis++) {
      const at = positions[3 * n + axis];
      low[axis] = Math.min(low[axis], at - shellDepthMm);
      high[axis] = Math.max(high[axis], at + shellDepthMm);
    }
  const start = low.map((mm) => Math.floor(mm / shellCellMm) * shellCellMm);
  const sides = start.map((mm, axis) => Math.ceil((high[axis] - mm) / shellCellMm) + 1);
  const shape = [sides[0], sides[1], sides[2]] as const;
  const s = shellCellMm;
  const affine = affineOf([s, 0, 0, start[0], 0, s, 0, start[1], 0, 0, s, start[2]]);
  const bits = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (const n of chosen)
    for (let depth = 0; depth <= shellDepthMm; depth += s / 2) {
      const [i, j, k] = [0, 1, 2].map((axis) =>
        Math.round((positions[3 * n + axis] - depth * normals[3 * n + axis] - start[axis]) / s),
      );
      bits[i + shape[0] * (j + shape[1] * k)] = 1;
    }
  return { grid: { shape, affine }, bits, voxels: bits.reduce((sum, bit) => sum + bit, 0) };
}
