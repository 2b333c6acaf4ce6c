import type { Registration } from '../registration/registerToTemplate.ts';
import type { Template } from '../registration/template.ts';
import type { Head } from '../views/findHead.ts';
import { fillHoles, largestComponent } from '../volume/components.ts';
import { resample } from '../volume/resample.ts';
import { maskMl, voxelMl, type Grid, type Mask, type Volume } from '../volume/volume.ts';
import { brainMl, brainPlausibility, type BrainPlausibility } from './brainPlausibility.ts';
import { carriedBrain } from './carriedBrain.ts';
import { boxAround, boxGrid, eachRow } from './gridBox.ts';
import { refineBrain } from './refineBrain.ts';

/** Raised when the same scan gives another mask or another verdict on it. */
export const extractBrainVersion = '2';

export interface ExtractedBrain {
  /** 1 in the brain (cerebrum, cerebellum, stem and outer fluid), on the scan's grid. */
  readonly mask: Mask;
  readonly plausibility: BrainPlausibility;
  /** `registered`: template and intensities; `extracted`: nothing but a brain was left in the scan. */
  readonly how: 'registered' | 'extracted';
}

/** What is left after brain extraction fills with the carried brain to at least this share of its volume. */
const extractedShare = 0.8;

/**
 * The brain of a head scan, any contrast, thick slices and cropped fields included: the template's brain carried over by the
 * registration, then sharpened by the scan's own intensities. Where a registration is poor the mask is made all the same
 * and called implausible, so that whoever needs it can say why it is not used. No network and no trained weights; the
 * prior is the average of the template's makers (resources/template/README.md).
 */
export function extractBrain(
  volume: Volume,
  { template, registration, head }: { template: Template; registration: Registration; head: Head },
): ExtractedBrain {
  const { scan, probability } = carriedBrain(volume, template, registration);
  const carriedMl = likelyCount(probability) * voxelMl(scan);
  const headMl = maskMl(head.mask);
  if (headMl >= brainMl.least && headMl <= brainMl.most && carriedMl > extractedShare * headMl) {
    return {
      mask: head.mask,
      plausibility: brainPlausibility(head.mask, head.mask, { extracted: true }),
      how: 'extracted',
    };
  }
  const brain = refineBrain(scan, probability);
  const bits = Uint8Array.from(brain, (p) => (p > 0.5 ? 1 : 0));
  const whole = fillHoles(largestComponent({ shape: scan.shape, affine: scan.affine, bits }));
  for (let n = 0; n < brain.length; n++) {
    if (whole.bits[n] === 1) brain[n] = Math.max(brain[n], 0.51);
    else if (bits[n] === 1) brain[n] = 0;
  }
  const mask = onto(volume, { ...scan, values: brain });
  const plausibility = brainPlausibility(mask, head.mask);
  if (registration.verdict === 'good') return { mask, plausibility, how: 'registered' };
  const reasons = [
    `The template head does not fit this scan: ${registration.reason}`,
    ...plausibility.reasons,
  ];
  return { mask, plausibility: { ...plausibility, plausible: false, reasons }, how: 'registered' };
}

function likelyCount(probability: Float32Array): number {
  let count = 0;
  for (const p of probability) if (p > 0.5) count++;
  return count;
}

/** Where the probability read at the voxel centres of another grid is above one half. */
function onto({ shape, affine }: Grid, probability: Volume): Mask {
  const bits = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const box = boxAround(
    { ...probability, toWorld: probability.affine },
    { grid: { shape, affine }, marginMm: 0 },
  );
  if (box === null) return { shape, affine, bits };
  const { values } = resample(probability, { onto: boxGrid({ shape, affine }, box) });
  eachRow(shape, box, (start, end, at) => {
    for (let n = start, v = at; n < end; n++, v++) bits[n] = values[v] > 0.5 ? 1 : 0;
  });
  return { shape, affine, bits };
}
