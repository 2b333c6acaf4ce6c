import { fillHoles, largestComponent } from '../volume/components.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { extremes, otsuLevel } from '../volume/otsu.ts';
import { countInside, type Volume } from '../volume/volume.ts';

/** The share of the intensity range above which a voxel counts as head, in the paper's definition. */
export const headThreshold = 0.03;

export interface HeadLevel {
  /** Intensity above which a voxel is head. */
  readonly level: number;
  /** Intensity of the darkest voxel. */
  readonly darkest: number;
  /** Whether `level` parts one closed head from the air; where false it is the best there was. */
  readonly closed: boolean;
  /** Whether the level is the fixed share of the range or was found from the histogram. */
  readonly source: 'fixed' | 'automatic';
}

/** A level that lies in the noise of the air gives a far larger head than the next higher one. */
const largestGrowth = 1.3;
/** A head that fills more of the grid than this is noise: air is missing. */
const largestShareOfGrid = 0.85;
/** A level raised by a few very bright voxels gives a far smaller head than the automatic one. */
const leastShare = 0.75;

/**
 * The level of the skin: 3 % of the intensity range where that gives a closed head, else one found from the histogram
 * (Otsu 1979 for tissue against air, and once more below that level for dim tissue against air). Decided on block means
 * of about 2 mm, in which noise is small. null where all values are equal.
 */
export function headLevel(volume: Volume): HeadLevel | null {
  const [darkest, brightest] = extremes(volume.values);
  if (!(brightest > darkest)) return null;
  const coarse = blockMeanTo(volume, { spacingMm: 2 });
  const bright = otsuLevel(coarse.values);
  if (bright === null) return null;
  const dim = otsuLevel(coarse.values, { range: [darkest, bright] }) ?? bright;
  const fixed = darkest + headThreshold * (brightest - darkest);
  const voxels = (level: number): number => headVoxels(coarse, level);

  const whole = coarse.values.length;
  const dimVoxels = voxels(dim);
  const fixedVoxels = voxels(fixed);
  const leaves = (count: number): boolean => count < largestShareOfGrid * whole;
  const agree = fixedVoxels <= largestGrowth * dimVoxels && fixedVoxels >= leastShare * dimVoxels;
  if (leaves(fixedVoxels) && agree) return { level: fixed, darkest, closed: true, source: 'fixed' };
  for (const level of [dim, (dim + bright) / 2, bright]) {
    const count = voxels(level);
    if (count > 0 && leaves(count)) return { level, darkest, closed: true, source: 'automatic' };
  }
  return { level: bright, darkest, closed: false, source: 'automatic' };
}

function headVoxels(coarse: Volume, level: number): number {
  const bits = new Uint8Array(coarse.values.length);
  for (let n = 0; n < bits.length; n++) bits[n] = coarse.values[n] > level ? 1 : 0;
  const { shape, affine } = coarse;
  return countInside(fillHoles(largestComponent({ shape, affine, bits })).bits);
}
