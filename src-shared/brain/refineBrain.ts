import { spacingOf } from '../volume/affine.ts';
import { gaussian } from '../volume/gaussian.ts';
import type { Volume } from '../volume/volume.ts';

/** Bins of the intensity histograms. */
const bins = 64;
/** Evidence of one voxel counts at most this much, as a log ratio: noise and vessels must not decide alone. */
const mostEvidence = 3;
/** Weight of the evidence against the prior, and the prior's lean towards brain, as log odds. */
const evidenceWeight = 0.6;
const lean = 0.5;
/** Where the template is sure, it may be overruled by this much and no more. */
const leastDoubt = 0.005;
/** Places the template all but rules out are never brain. */
const ruledOut = 0.002;
/** Reach of what is told apart from brain: skull, muscle and skin around it, mm. */
const surroundMm = 6;
const smoothMm = 1.5;
const rounds = 2;

/**
 * Sharpens a carried brain by the scan itself, whatever its contrast: intensities inside the expected brain and around it
 * make two histograms, their log ratio is evidence, and Bayes' rule joins it with the prior. Repeated once, with the
 * histograms of the better brain. Both are smoothed over 1.5 mm, which keeps the outer fluid that T1 shows as dark as bone.
 * `probability` lies on the scan's grid, 0 to 1; so does the result.
 */
export function refineBrain(scan: Volume, probability: Float32Array): Float32Array {
  const spacing = spacingOf(scan.affine);
  const blur = (values: Float32Array, sigmaMm: number): Float32Array =>
    gaussian(values, scan.shape, [sigmaMm / spacing[0], sigmaMm / spacing[1], sigmaMm / spacing[2]]);
  let brain = probability;
  for (let round = 0; round < rounds; round++) {
    const evidence = blur(evidenceOf(scan.values, brain, blur(brain, surroundMm)), smoothMm);
    const joined = new Float32Array(brain.length);
    for (let n = 0; n < joined.length; n++) {
      if (probability[n] < ruledOut) continue;
      const prior = Math.min(1 - leastDoubt, Math.max(leastDoubt, probability[n]));
      joined[n] = 1 / (1 + Math.exp(-(Math.log(prior / (1 - prior)) + evidenceWeight * evidence[n] + lean)));
    }
    brain = blur(joined, smoothMm);
  }
  return brain;
}

/** For each voxel the log of how much likelier its intensity is in the brain than around it. */
function evidenceOf(values: Volume['values'], brain: Float32Array, surround: Float32Array): Float32Array {
  const { low, high } = range(values, brain);
  const binOf = (value: number): number =>
    Math.max(0, Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)));
  const inside = new Float64Array(bins);
  const outside = new Float64Array(bins);
  for (let n = 0; n < values.length; n++) {
    if (brain[n] > 0.5) inside[binOf(values[n])] += brain[n];
    else if (surround[n] > 0.03) outside[binOf(values[n])] += 1 - brain[n];
  }
  const ratio = logRatio(inside, outside);
  const evidence = new Float32Array(values.length);
  for (let n = 0; n < evidence.length; n++) evidence[n] = ratio[binOf(values[n])];
  return evidence;
}

/** Intensities from the 0.5 % to the 99.5 % quantile of where brain may be. */
function range(values: Volume['values'], brain: Float32Array): { low: number; high: number } {
  const found: number[] = [];
  for (let n = 0; n < values.length; n++) if (brain[n] > 0.02) found.push(values[n]);
  const sorted = Float64Array.from(found).sort();
  const low = sorted[Math.floor(sorted.length * 0.005)] ?? 0;
  const high = sorted[Math.floor(sorted.length * 0.995)] ?? 1;
  return { low, high: high > low ? high : low + 1 };
}

function logRatio(inside: Float64Array, outside: Float64Array): Float64Array {
  const a = smoothed(inside);
  const b = smoothed(outside);
  return Float64Array.from(a, (share, bin) =>
    Math.max(-mostEvidence, Math.min(mostEvidence, Math.log(share / b[bin]))),
  );
}

/** A histogram as shares, smoothed over neighbouring bins, none of them 0. */
function smoothed(histogram: Float64Array): Float64Array {
  const out = new Float64Array(bins);
  let total = 0;
  for (let bin = 0; bin < bins; bin++) {
    for (let step = -3; step <= 3; step++) {
      const from = bin + step;
      if (from >= 0 && from < bins) out[bin] += histogram[from] * Math.exp((-step * step) / 4);
    }
    total += out[bin];
  }
  return out.map((count) => (total > 0 ? count / total : 0) + 1e-4);
}
