import { betaInverse } from './betaDistribution.ts';

/**
 * Exact one-sided upper bound of a binomial share after k events in n trials: covers the truth with probability at
 * least 1 - delta. 1 for no trials. Source: Clopper and Pearson 1934.
 */
export function upperBound(k: number, n: number, delta = 0.05): number {
  if (n === 0 || k >= n) return 1;
  return betaInverse(1 - delta, k + 1, n - k);
}

/** Exact one-sided lower bound, the mirror of `upperBound`. 0 for no trials. */
export function lowerBound(k: number, n: number, delta = 0.05): number {
  if (n === 0 || k <= 0) return 0;
  return betaInverse(delta, k, n - k + 1);
}

/** Exact two-sided interval of level 1 - delta (each side delta / 2). */
export function clopperPearson(k: number, n: number, delta = 0.05): { low: number; high: number } {
  return { low: lowerBound(k, n, delta / 2), high: upperBound(k, n, delta / 2) };
}
