import { fillHoles, largestComponent } from '../volume/components.ts';
import { spacingOf } from '../volume/affine.ts';
import type { Mask, Volume } from '../volume/volume.ts';
import { binomialSmooth, passesFor } from './binomial.ts';
import { headLevel } from './headLevel.ts';

export interface Head {
  /** 1 in the head, cavities filled; on the volume's grid. Empty where there is no signal. */
  readonly mask: Mask;
  /** Intensity above which a voxel of the lightly smoothed volume is head. */
  readonly level: number;
  /** Intensity of the darkest voxel of the volume. */
  readonly darkest: number;
  /** Whether the level parts one closed head from the air. */
  readonly closed: boolean;
  /** Whether the level is 3 % of the range or was found from the histogram. */
  readonly source: 'fixed' | 'automatic';
}

/** Spread of the light smoothing before the surface is found, in mm. */
export const surfaceSigmaMm = 1;

/**
 * The head in a volume: where it lies above the level of the skin, smoothed so that noise in the air is no skin, the
 * largest connected piece, cavities filled. Works on stored axes of any order and on any spacing.
 */
export function findHead(volume: Volume): Head {
  const { shape, affine } = volume;
  const found = headLevel(volume);
  if (found === null) {
    const bits = new Uint8Array(volume.values.length);
    const only = volume.values.length > 0 ? volume.values[0] : 0;
    return { mask: { shape, affine, bits }, level: only, darkest: only, closed: false, source: 'automatic' };
  }
  const bits = aboveLevel(volume, found.level, found.darkest);
  const mask = fillHoles(largestComponent({ shape, affine, bits }));
  return { mask, ...found };
}

/** Values as shares of the level, clamped to 0..2, so that bright fat does not push the surface out; 1 is the skin. */
export function clampedToLevel(volume: Volume, level: number, darkest: number): Float32Array {
  const { values } = volume;
  const out = new Float32Array(values.length);
  const scale = 1 / (level - darkest);
  for (let n = 0; n < out.length; n++) {
    const share = (values[n] - darkest) * scale;
    // NaN compares false and becomes air.
    out[n] = share >= 2 ? 2 : share > 0 ? share : 0;
  }
  return out;
}

function aboveLevel(volume: Volume, level: number, darkest: number): Uint8Array {
  const field = clampedToLevel(volume, level, darkest);
  const [x, y, z] = spacingOf(volume.affine).map((mm) => passesFor(surfaceSigmaMm, mm));
  binomialSmooth(field, volume.shape, [x, y, z]);
  const bits = new Uint8Array(field.length);
  for (let n = 0; n < bits.length; n++) bits[n] = field[n] > 1 ? 1 : 0;
  return bits;
}
