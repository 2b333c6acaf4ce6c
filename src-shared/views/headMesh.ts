import { applyMatrix, invert, type Affine } from '../volume/affine.ts';
import { distanceTo } from '../volume/distance.ts';
import { cubicGrid } from '../volume/downsample.ts';
import { resample } from '../volume/resample.ts';
import type { Shape, Volume } from '../volume/volume.ts';
import { surfaceField } from './surfaceField.ts';
import { surfaceNets, type Mesh } from './surfaceNets.ts';

/** Edge of the cells the surface is drawn from, mm: fine enough for lids and lips, coarse enough to turn smoothly. */
const cellMm = 1.5;
/** Depths beyond this are not told apart. */
export const deepestMm = 40;

/**
 * The field the surface of a head is drawn from, on cubes of 1.5 mm: that of the five standard views, which is smooth
 * enough to be read trilinearly. `level` and `darkest` are the original's (`findHead`), also for a defacing of it.
 */
export function headField(volume: Volume, head: { level: number; darkest: number }): Volume {
  const field = surfaceField(volume, head);
  return resample(field, { onto: cubicGrid(field, cellMm) });
}

/** The surface of a head for the interactive view, world mm, of its `headField`. */
export const headMesh = (field: Volume): Mesh => surfaceNets(field, 1);

/** How far the nearest tissue is. */
export interface TissueDistances {
  readonly shape: Shape;
  /** Voxel to world mm. */
  readonly affine: Affine;
  /** Quarter millimetres, 0 in tissue, saturated at `deepestMm`. */
  readonly quarterMm: Uint8Array;
}

/** Of a defacing, from its `headField`: how far each place is from the tissue that was left. */
export function tissueDistances({ shape, affine, values }: Volume): TissueDistances {
  const bits = Uint8Array.from(values, (value) => (value > 1 ? 1 : 0));
  const mm = distanceTo({ shape, affine, bits }, { saturateMm: deepestMm });
  const quarterMm = new Uint8Array(mm.length);
  for (let n = 0; n < mm.length; n++) quarterMm[n] = Math.round(mm[n] * 4);
  return { shape, affine, quarterMm };
}

/**
 * For each vertex of an original's surface (three numbers, world mm) how far the nearest tissue is that a defacing left,
 * mm, 0 to `deepestMm`: how deep the cut is there. Within a cell counts as nothing.
 */
export function depthOfCut(
  positions: Float32Array,
  { shape, affine, quarterMm }: TissueDistances,
): Float32Array {
  const back = invert(affine);
  const depth = new Float32Array(positions.length / 3);
  for (let vertex = 0; vertex < depth.length; vertex++) {
    const p = vertex * 3;
    const [x, y, z] = applyMatrix(back, positions[p], positions[p + 1], positions[p + 2]);
    const i = Math.min(shape[0] - 1, Math.max(0, Math.round(x)));
    const j = Math.min(shape[1] - 1, Math.max(0, Math.round(y)));
    const k = Math.min(shape[2] - 1, Math.max(0, Math.round(z)));
    const mm = quarterMm[i + shape[0] * (j + shape[1] * k)] / 4 - cellMm / 2;
    depth[vertex] = mm > cellMm ? mm : 0;
  }
  return depth;
}
