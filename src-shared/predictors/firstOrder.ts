import { quantileSorted } from '../stats/quantile.ts';

export interface FirstOrder {
  readonly mean: number;
  /** Divisor n. */
  readonly variance: number;
  readonly skewness: number;
  /** 0 for normal values. */
  readonly excessKurtosis: number;
  readonly p10: number;
  readonly p90: number;
}

/**
 * Intensity statistics of a region (IBSI reference manual, section 3.3: Q4LE, ECT3, KE2A, IPH6, QG58, 8DWT). Skewness and
 * kurtosis of equal values are 0, as IBSI says. `values` holds one number at least.
 */
export function firstOrder(values: Float64Array): FirstOrder {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let [m2, m3, m4] = [0, 0, 0];
  for (const value of values) {
    const d = value - mean;
    m2 += (d * d) / n;
    m3 += (d * d * d) / n;
    m4 += (d * d * d * d) / n;
  }
  const flat = m2 <= 1e-24;
  const sorted = values.slice().sort();
  return {
    mean,
    variance: m2,
    skewness: flat ? 0 : m3 / m2 ** 1.5,
    excessKurtosis: flat ? 0 : m4 / (m2 * m2) - 3,
    p10: quantileSorted(sorted, 0.1),
    p90: quantileSorted(sorted, 0.9),
  };
}

/** Entropy (bits) and uniformity of grey levels 1..levels (IBSI section 3.4: TLU2, BJ5W). 0 means not in the region. */
export function histogram(grey: Uint8Array, levels: number): { entropy: number; uniformity: number } {
  const counts = new Float64Array(levels + 1);
  for (const level of grey) counts[level]++;
  const total = grey.length - counts[0];
  let entropy = 0;
  let uniformity = 0;
  for (let level = 1; level <= levels; level++) {
    const p = counts[level] / total;
    if (p > 0) entropy -= p * Math.log2(p);
    uniformity += p * p;
  }
  return { entropy, uniformity };
}
