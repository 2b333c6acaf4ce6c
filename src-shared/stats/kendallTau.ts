/**
 * Kendall's tau-b (ties allowed) between two rows of numbers, -1 to 1, with the two-sided p of its normal approximation
 * (Kendall 1970, corrected for ties). Null for fewer than three items or where one of the rows never varies. Takes
 * quadratic time: a thousand items are half a million comparisons.
 */
export function kendallTau(x: ArrayLike<number>, y: ArrayLike<number>): { tau: number; p: number } | null {
  const n = x.length;
  if (y.length !== n) throw new RangeError('Two rows of numbers need the same length.');
  if (n < 3) return null;
  let score = 0;
  let xTied = 0;
  let yTied = 0;
  for (let i = 1; i < n; i++)
    for (let j = 0; j < i; j++) {
      const a = Math.sign(x[i] - x[j]);
      const b = Math.sign(y[i] - y[j]);
      score += a * b;
      if (a === 0) xTied++;
      if (b === 0) yTied++;
    }
  const pairs = (n * (n - 1)) / 2;
  if (xTied === pairs || yTied === pairs) return null;
  const tau = score / Math.sqrt((pairs - xTied) * (pairs - yTied));
  const [xSizes, ySizes] = [tieSizes(x), tieSizes(y)];
  const sum = (sizes: readonly number[], of: (t: number) => number): number =>
    sizes.reduce((total, t) => total + of(t), 0);
  const full = (t: number): number => t * (t - 1) * (2 * t + 5);
  const three = (t: number): number => t * (t - 1) * (t - 2);
  const m = n * (n - 1);
  const variance =
    (full(n) - sum(xSizes, full) - sum(ySizes, full)) / 18 +
    (2 * xTied * yTied) / m +
    (sum(xSizes, three) * sum(ySizes, three)) / (9 * m * (n - 2));
  return { tau: Math.min(1, Math.max(-1, tau)), p: twoSidedP(score / Math.sqrt(variance)) };
}

function tieSizes(values: ArrayLike<number>): number[] {
  const sizes = new Map<number, number>();
  for (const value of Array.from(values)) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()].filter((size) => size > 1);
}

/** P(|Z| >= |z|) of a standard normal Z: erfc(|z| / sqrt 2), by series near zero, by continued fraction far out. */
function twoSidedP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let k = 1; Math.abs(term) > 1e-17; k++) {
      term *= (-x * x) / k;
      sum += term / (2 * k + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}
