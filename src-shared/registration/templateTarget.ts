import { blockMeanTo } from '../volume/downsample.ts';
import { smooth } from '../volume/gaussian.ts';
import { extremes } from '../volume/otsu.ts';
import type { Volume } from '../volume/volume.ts';
import type { MatchTarget } from './matchCost.ts';

/** Classes of intensity of a target, air being the first. */
const usualLevels = 12;

export interface TargetOptions {
  /** Share of brain, 0 to 1, on the head's grid; none where it is left out. */
  readonly brain?: Volume;
  /** 0 where nothing is known. */
  readonly known?: Volume;
  readonly spacingMm: number;
  readonly beyond: 'air' | 'unknown';
  readonly levels?: number;
}

/**
 * The image to carry points into, at `spacingMm`: intensities smoothed and spread over the levels so that the brightest
 * 2 % share the last one, `brain` (0 to 1, same grid) beside them. Where `known` is 0 nothing is known.
 */
export function matchTarget(
  head: Volume,
  { brain, known, spacingMm, beyond, levels = usualLevels }: TargetOptions,
): MatchTarget {
  const shrink = (volume: Volume): Volume => {
    const coarse = blockMeanTo(volume, { spacingMm });
    return spacingMm > 5 ? smooth(coarse, { sigmaMm: spacingMm / 2 }) : coarse;
  };
  const level = shrink(head);
  const brainShare = brain === undefined ? null : shrink(brain).values;
  const knownShare = known === undefined ? null : blockMeanTo(known, { spacingMm }).values;
  const [darkest] = extremes(level.values);
  const sorted = Float64Array.from(level.values.filter((value) => value > darkest)).sort();
  const top = sorted.length === 0 ? darkest + 1 : sorted[Math.floor(0.98 * (sorted.length - 1))];
  const pairs = new Float32Array(2 * level.values.length);
  for (let n = 0; n < level.values.length; n++) {
    const t = Math.max(0, Math.min(1, (level.values[n] - darkest) / (top - darkest)));
    pairs[2 * n] = knownShare !== null && knownShare[n] < 0.999 ? -1e6 : t * (levels - 1);
    pairs[2 * n + 1] = brainShare === null ? 0 : Math.max(0, Math.min(1, brainShare[n]));
  }
  return { shape: level.shape, affine: level.affine, pairs, levels, beyond };
}
