import { quantile } from '../stats/quantile.ts';

/** The two intensities between the darkest, the middle and the brightest of three classes. */
export interface TissueCuts {
  readonly low: number;
  readonly high: number;
}

const bins = 128;

/**
 * The two intensities that part brain voxels into three classes with the least variance within them (Otsu 1979, two
 * levels), on 128 bins between the 0.5th and 99.5th percentile. null where the values do not differ.
 */
export function tissueCuts(brain: Float64Array): TissueCuts | null {
  const low = quantile(brain, 0.005);
  const high = quantile(brain, 0.995);
  if (!(high > low)) return null;
  const width = (high - low) / bins;
  const counts = new Float64Array(bins + 1);
  const sums = new Float64Array(bins + 1);
  for (const value of brain) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)));
    counts[bin + 1]++;
    sums[bin + 1] += bin;
  }
  for (let b = 1; b <= bins; b++) {
    counts[b] += counts[b - 1];
    sums[b] += sums[b - 1];
  }
  // Least variance within is most of (sum of a class)^2 / (its count).
  const part = (from: number, to: number): number => {
    const n = counts[to] - counts[from];
    return n === 0 ? 0 : (sums[to] - sums[from]) ** 2 / n;
  };
  let best = -1;
  let cuts = { low, high };
  for (let a = 1; a < bins - 1; a++)
    for (let b = a + 1; b < bins; b++) {
      const between = part(0, a) + part(a, b) + part(b, bins);
      if (between > best) {
        best = between;
        cuts = { low: low + a * width, high: low + b * width };
      }
    }
  return cuts;
}
