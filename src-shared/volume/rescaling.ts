import type { Volume } from './volume.ts';

/** Linear map from the values a program was given to those it wrote: raw = slope * staged + intercept. */
export interface Rescaling {
  readonly slope: number;
  readonly intercept: number;
}

/** Identity where most kept voxels agree with it, else the line through the medians of the darker and the brighter half. */
export function rescalingOf(staged: Volume['values'], raw: Volume['values']): Rescaling {
  const kept: number[] = [];
  let [lowest, highest] = [Infinity, -Infinity];
  const step = Math.max(1, Math.floor(staged.length / 200_000));
  for (let n = 0; n < staged.length; n++) {
    if (staged[n] < lowest) lowest = staged[n];
    if (staged[n] > highest) highest = staged[n];
    if (n % step === 0 && staged[n] !== 0 && raw[n] !== 0) kept.push(n);
  }
  const identity = { slope: 1, intercept: 0 };
  if (kept.length < 100) return identity;
  const tolerance = (highest - lowest) * 0.005;
  const same = kept.reduce((sum, n) => sum + (Math.abs(staged[n] - raw[n]) <= tolerance ? 1 : 0), 0);
  if (same > kept.length / 2) return identity;
  kept.sort((a, b) => staged[a] - staged[b]);
  const middle = kept.length >> 1;
  const [dark, bright] = [kept.slice(0, middle), kept.slice(middle)];
  const [x0, x1] = [medianOf(dark, staged), medianOf(bright, staged)];
  const [y0, y1] = [medianOf(dark, raw), medianOf(bright, raw)];
  if (x1 === x0 || y1 === y0) return identity;
  const slope = (y1 - y0) / (x1 - x0);
  return { slope, intercept: y0 - slope * x0 };
}

function medianOf(indices: readonly number[], values: Volume['values']): number {
  const sorted = Float64Array.from(indices, (n) => values[n]).sort();
  return sorted[sorted.length >> 1];
}
