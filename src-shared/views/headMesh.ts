import { applyMatrix, invert } from '../volume/affine.ts';
import { distanceTo } from '../volume/distance.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import type { Mask, Volume } from '../volume/volume.ts';
import { surfaceField } from './surfaceField.ts';
import { surfaceNets, type Mesh } from './surfaceNets.ts';

/** Edge of the cells the surface is drawn from, mm: fine enough for lids and lips, coarse enough to turn smoothly. */
const cellMm = 1.5;
/** Depths beyond this are not told apart. */
export const deepestMm = 40;

/**
 * The surface of a head for the interactive view, world mm, from the same field as the five standard views. `level` and
 * `darkest` are the original's (`findHead`), also for a defacing of it.
 */
export function headMesh(volume: Volume, { level, darkest }: { level: number; darkest: number }): Mesh {
  return surfaceNets(meshField(volume, { level, darkest }), 1);
}

/**
 * For each vertex of an original's surface how far the nearest tissue is that a defacing left, mm, 0 to `deepestMm`: how
 * deep the cut is there. Under half a cell counts as nothing.
 */
export function depthOfCut(
  mesh: Mesh,
  defaced: Volume,
  head: { level: number; darkest: number },
): Float32Array {
  const { shape, affine, values } = meshField(defaced, head);
  const kept: Mask = { shape, affine, bits: Uint8Array.from(values, (value) => (value > 1 ? 1 : 0)) };
  const distance = distanceTo(kept, { saturateMm: deepestMm });
  const back = invert(affine);
  const depth = new Float32Array(mesh.positions.length / 3);
  for (let vertex = 0; vertex < depth.length; vertex++) {
    const p = vertex * 3;
    const [x, y, z] = applyMatrix(back, mesh.positions[p], mesh.positions[p + 1], mesh.positions[p + 2]);
    const i = Math.min(shape[0] - 1, Math.max(0, Math.round(x)));
    const j = Math.min(shape[1] - 1, Math.max(0, Math.round(y)));
    const k = Math.min(shape[2] - 1, Math.max(0, Math.round(z)));
    const mm = distance[i + shape[0] * (j + shape[1] * k)] - cellMm / 2;
    depth[vertex] = mm > cellMm ? mm : 0;
  }
  return depth;
}

const meshField = (volume: Volume, head: { level: number; darkest: number }): Volume =>
  blockMeanTo(surfaceField(volume, head), { spacingMm: cellMm });
