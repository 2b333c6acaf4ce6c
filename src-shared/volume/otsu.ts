/**
 * The level that best parts values into two classes, dark and bright (largest variance between them): Otsu 1979. From a
 * histogram of `bins` between the extremes, or between `range` with values beyond it left out. The level is the upper
 * edge of the dark class; null where all values are equal.
 */
export function otsuLevel(
  values: Float32Array | Float64Array,
  { bins = 256, range }: { bins?: number; range?: readonly [number, number] } = {},
): number | null {
  const [low, high] = range ?? extremes(values);
  if (!(high > low)) return null;
  const counts = new Float64Array(bins);
  const scale = bins / (high - low);
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value < low || value > high) continue;
    const bin = ((value - low) * scale) | 0;
    counts[bin < bins ? bin : bins - 1]++;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const moment = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let dark = 0;
  let darkMoment = 0;
  let best = -1;
  let first = 0;
  let last = 0;
  for (let bin = 0; bin < bins - 1; bin++) {
    dark += counts[bin];
    darkMoment += counts[bin] * bin;
    if (dark === 0 || dark === total) continue;
    const gap = darkMoment / dark - (moment - darkMoment) / (total - dark);
    const between = dark * (total - dark) * gap * gap;
    if (between > best) {
      best = between;
      first = bin;
      last = bin;
    } else if (between === best) last = bin;
  }
  // Empty bins between the classes are all equally good: the middle of them.
  return best < 0 ? null : low + ((first + last) / 2 + 1) / scale;
}

/** Smallest and largest value; [Infinity, -Infinity] of none. */
export function extremes(values: Float32Array | Float64Array): [lowest: number, highest: number] {
  let low = Infinity;
  let high = -Infinity;
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
