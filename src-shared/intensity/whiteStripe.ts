import { quantileSorted } from '../stats/quantile.ts';
import type { Mask, Volume } from '../volume/volume.ts';
import { scaleOf, valuesInside, type IntensityScale } from './brainStatistics.ts';

/** Share of brain voxels on either side of the white-matter peak that make the stripe. */
const halfWidth = 0.05;
const bins = 512;

/**
 * Mean and standard deviation of normal-appearing white matter: brain voxels whose intensity rank lies within 5 % of that
 * of the white-matter peak of the smoothed histogram. On T1 that peak is the last one of size, on other contrasts the
 * highest one. Source: Shinohara et al. 2014, doi 10.1016/j.nicl.2014.08.008; the histogram smoother (Gaussian kernel of
 * Scott's width on 512 bins in place of a penalised spline) is ours.
 */
export function whiteStripe(volume: Volume, brain: Mask, contrast: string): IntensityScale {
  const sorted = valuesInside(volume, brain).sort();
  const peak = whitePeak(sorted, contrast === 'T1w');
  const rank = lowerBound(sorted, peak) / sorted.length;
  const low = quantileSorted(sorted, Math.max(0, rank - halfWidth));
  const high = quantileSorted(sorted, Math.min(1, rank + halfWidth));
  const stripe = sorted.subarray(lowerBound(sorted, low), upperIndex(sorted, high));
  return scaleOf(stripe);
}

/** Intensity of the white-matter peak. `last` takes the brightest peak that is a fifth of the highest or more. */
function whitePeak(sorted: Float64Array, last: boolean): number {
  const [low, high] = [quantileSorted(sorted, 0.001), quantileSorted(sorted, 0.999)];
  const width = (high - low) / bins || 1;
  const counts = new Float64Array(bins);
  for (const value of sorted) counts[Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)))] += 1;
  const middle = quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25);
  const sigma = Math.max(1, ((1.059 * (middle / 1.349)) / sorted.length ** 0.2 / width) * 1.5);
  const reach = Math.ceil(4 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * sigma * sigma)),
  );
  const smooth = new Float64Array(bins);
  // The outermost bins hold what lies beyond them and are no peaks.
  for (let n = 1; n < bins - 1; n++)
    for (let k = -reach; k <= reach; k++) {
      const at = n + k;
      if (at > 0 && at < bins - 1) smooth[n] += counts[at] * kernel[k + reach];
    }
  const highest = smooth.reduce((most, value) => Math.max(most, value), 0);
  const peaks: number[] = [];
  for (let n = 1; n < bins - 1; n++)
    if (smooth[n] >= smooth[n - 1] && smooth[n] > smooth[n + 1] && smooth[n] >= highest / 5) peaks.push(n);
  const at = last ? (peaks.at(-1) ?? smooth.indexOf(highest)) : smooth.indexOf(highest);
  return low + (at + 0.5) * width;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperIndex(sorted: Float64Array, value: number): number {
  let at = lowerBound(sorted, value);
  while (at < sorted.length && sorted[at] === value) at++;
  return at;
}
