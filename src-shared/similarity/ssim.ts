import { bandsOf, requireSameKind, type Picture } from './bands.ts';
import type { Band } from './phaseCongruency.ts';

export interface SsimSettings {
  /** Weights of the separable window, sum 1, odd count. */
  readonly window: readonly number[];
  /** Factor on variances: count/(count - 1) for sample variances, 1 for those of the population. */
  readonly varianceFactor: number;
  readonly dataRange: number;
}

const gaussWeights = ((): number[] => {
  const weights = Array.from({ length: 11 }, (_, n) => Math.exp(-((n - 5) * (n - 5)) / (2 * 1.5 * 1.5)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
})();

/** The settings in use elsewhere; `uniform7` is this program's. */
export const ssimSettings = {
  uniform7: { window: new Array<number>(7).fill(1 / 7), varianceFactor: 49 / 48, dataRange: 255 },
  packageDefault: { window: new Array<number>(7).fill(1 / 7), varianceFactor: 49 / 48, dataRange: 4095 },
  gaussSample: { window: gaussWeights, varianceFactor: 121 / 120, dataRange: 255 },
  gaussPopulation: { window: gaussWeights, varianceFactor: 1, dataRange: 255 },
} as const satisfies Record<string, SsimSettings>;

/**
 * Structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004), averaged over the pixels whose window lies inside the
 * picture, then over bands: -1 to 1, higher is more alike. null for a picture smaller than the window.
 */
export function ssim(
  reference: Picture,
  test: Picture,
  settings: SsimSettings = ssimSettings.uniform7,
): number | null {
  requireSameKind(reference, test);
  if (Math.min(reference.width, reference.height) < settings.window.length) return null;
  const others = bandsOf(test);
  const scores = bandsOf(reference).map((band, n) => ssimOfBand(band, others[n], settings));
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function ssimOfBand(r: Band, t: Band, { window, varianceFactor: k, dataRange }: SsimSettings): number {
  const c1 = (0.01 * dataRange) ** 2;
  const c2 = (0.03 * dataRange) ** 2;
  const product = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, n) => value * b[n]);
  const local = (values: Float64Array): Float64Array => windowMeans({ ...r, values }, window);
  const mr = local(r.values);
  const mt = local(t.values);
  const rr = local(product(r.values, r.values));
  const tt = local(product(t.values, t.values));
  const rt = local(product(r.values, t.values));
  let sum = 0;
  for (let n = 0; n < mr.length; n++) {
    const vr = k * (rr[n] - mr[n] * mr[n]);
    const vt = k * (tt[n] - mt[n] * mt[n]);
    const c = k * (rt[n] - mr[n] * mt[n]);
    sum +=
      ((2 * mr[n] * mt[n] + c1) * (2 * c + c2)) / ((mr[n] * mr[n] + mt[n] * mt[n] + c1) * (vr + vt + c2));
  }
  return sum / mr.length;
}

/** Weighted means over every window that lies inside. */
function windowMeans({ width, height, values }: Band, window: readonly number[]): Float64Array {
  const size = window.length;
  const w = width - size + 1;
  const h = height - size + 1;
  const rows = new Float64Array(w * height);
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0, from = y * width; x < w; x++, n++, from++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += window[i] * values[from + i];
      rows[n] = sum;
    }
  }
  const out = new Float64Array(w * h);
  for (let n = 0; n < out.length; n++) {
    let sum = 0;
    for (let i = 0, at = n; i < size; i++, at += w) sum += window[i] * rows[at];
    out[n] = sum;
  }
  return out;
}
