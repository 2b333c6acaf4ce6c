import { median } from '../stats/quantile.ts';

/** What image quality asks of one tissue. */
export interface TissueSummary {
  readonly voxels: number;
  readonly median: number;
  /** With divisor n. */
  readonly sd: number;
  /** Median absolute deviation times 1.4826, which is the standard deviation of normal values. */
  readonly mad: number;
}

export function summaryOf(values: Float64Array): TissueSummary {
  const middle = median(values);
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return {
    voxels: values.length,
    median: middle,
    sd: Math.sqrt(squares / values.length),
    mad: 1.482602218505602 * median(values.map((value) => Math.abs(value - middle))),
  };
}

/** Signal to noise within one tissue, from 0, higher is better: median / (sd sqrt(n / (n - 1))). MRIQC `snr_*`. */
export const snr = ({ median, sd, voxels }: TissueSummary): number | null =>
  voxels < 2 || sd === 0 ? null : median / (sd * Math.sqrt(voxels / (voxels - 1)));

/**
 * Contrast to noise, from 0, higher is better: |median WM - median GM| over the root of the summed variances of air, WM and
 * GM (Magnotta and Friedman 2006, as MRIQC `cnr`).
 */
export const cnr = (white: TissueSummary, grey: TissueSummary, airSd: number): number | null => {
  const noise = Math.sqrt(airSd ** 2 + white.sd ** 2 + grey.sd ** 2);
  return noise === 0 ? null : Math.abs(white.median - grey.median) / noise;
};

/** Coefficient of joint variation, from 0, lower is better: (MAD WM + MAD GM) / |median WM - median GM| (Ganzetti 2016). */
export const cjv = (white: TissueSummary, grey: TissueSummary): number | null => {
  const apart = Math.abs(white.median - grey.median);
  return apart === 0 ? null : (white.mad + grey.mad) / apart;
};

/**
 * Entropy focus criterion, 0 to 1, lower is better: Shannon entropy of |x| / sqrt(sum x^2), divided by that of an image whose
 * N values are all equal (Atkinson 1997). `values` are not negative.
 */
export function efc(values: Float64Array): number | null {
  const n = values.length;
  let energy = 0;
  for (const value of values) energy += value * value;
  if (n < 2 || energy === 0) return null;
  const root = Math.sqrt(energy);
  let entropy = 0;
  for (const value of values) {
    const share = value / root;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return entropy / (Math.sqrt(n) * Math.log(Math.sqrt(n)));
}

/** Foreground to background energy ratio, from 0, higher is better: mean x^2 in the head / mean x^2 in the air (Shehzad 2015). */
export const fber = (headEnergy: number, airEnergy: number): number | null =>
  airEnergy === 0 ? null : headEnergy / airEnergy;

/** White matter to maximum, from 0; .6 to .8 is usual: median WM / 99.95th percentile of the image. MRIQC `wm2max`. */
export const wmToMax = (white: TissueSummary, highest: number): number | null =>
  highest === 0 ? null : white.median / highest;
