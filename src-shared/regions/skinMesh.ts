import { affineOf, multiply, type WorldTransform } from '../volume/affine.ts';
import { withoutSmallPieces } from '../volume/components.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { resample } from '../volume/resample.ts';
import type { Grid, Volume } from '../volume/volume.ts';
import { binomialSmooth } from '../views/binomial.ts';
import { clampedToLevel } from '../views/findHead.ts';
import { surfaceNets, type Mesh } from '../views/surfaceNets.ts';

/** Fine enough for lids and lips, coarse enough to be made in a fraction of a second. */
const cellMm = 2;
/** Template mm, from the back of the head to in front of the nose, from below the chin to the vertex. */
const lattice: Grid = {
  shape: [105, 128, 160],
  affine: affineOf([cellMm, 0, 0, -104, 0, cellMm, 0, -128, 0, 0, cellMm, -206]),
};
/** Pieces smaller than this that hang in the air are noise. */
const leastPieceMl = 0.5;

/** Where skin is in an image: intensity above which a voxel is head, and that of the darkest voxel (`findHead`). */
export interface SkinLevel {
  readonly level: number;
  readonly darkest: number;
}

export interface SkinMesh {
  /** The surface in world mm, cavities that open into the air included, closed where the field of view ends. */
  readonly mesh: Mesh;
  /** What it was drawn from: above 1 is tissue. In world mm; its axes are the template's. */
  readonly field: Volume;
}

/**
 * The surface of a head, drawn on a lattice of the template laid over the scan, so that any orientation costs the same.
 * Intensities are clamped at twice the level before they are averaged, so that bright fat does not push the skin out.
 */
export function skinMesh(
  volume: Volume,
  { level, darkest }: SkinLevel,
  templateToScan: WorldTransform,
): SkinMesh {
  const shares = { ...volume, values: clampedToLevel(volume, level, darkest) };
  const onto = { shape: lattice.shape, affine: affineOf(multiply(templateToScan, lattice.affine)) };
  const field = resample(blockMeanTo(shares, { spacingMm: cellMm }), { onto });
  const values = Float32Array.from(field.values);
  binomialSmooth(values, field.shape, [1, 1, 1]);
  const bits = new Uint8Array(values.length);
  for (let n = 0; n < bits.length; n++) bits[n] = values[n] > 1 ? 1 : 0;
  const { bits: clean } = withoutSmallPieces({ ...onto, bits }, { leastMl: leastPieceMl });
  for (let n = 0; n < bits.length; n++) if (bits[n] !== clean[n]) values[n] = 0;
  const clear = { ...onto, values };
  return { mesh: surfaceNets(clear, 1), field: clear };
}
