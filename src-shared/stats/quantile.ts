/**
 * Quantile of sorted numbers with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the
 * default of NumPy and R). `p` from 0 to 1; NaN for no numbers.
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const at = Math.min(Math.max(p, 0), 1) * (n - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, n - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** The same for numbers in any order; the input is not changed. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p);
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);
