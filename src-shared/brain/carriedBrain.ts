import { invert, multiply, worldTransformOf } from '../volume/affine.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { resample } from '../volume/resample.ts';
import type { Volume } from '../volume/volume.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import type { Template } from '../registration/template.ts';
import { boxAround, cropped } from './gridBox.ts';

/** Voxel size the brain is looked for at, mm; thicker slices stay as thick as they are. */
const workMm = 2;
/** How far around the carried brain is looked, mm: all that is compared with brain and all that smoothing reaches. */
const marginMm = 20;

export interface CarriedBrain {
  /** The scan around the brain, at about 2 mm. All of the scan where the carried brain lies outside it. */
  readonly scan: Volume;
  /** Probability of brain on that grid, 0 to 1: the template's, carried over by the registration. */
  readonly probability: Float32Array;
}

/** The template's brain brought to a scan: where a brain is to be expected before the scan is looked at. */
export function carriedBrain(
  volume: Volume,
  { brain }: Pick<Template, 'brain'>,
  { templateToScan }: Pick<Registration, 'templateToScan'>,
): CarriedBrain {
  const whole = blockMeanTo(volume, { spacingMm: workMm });
  const toWorld = multiply(templateToScan, brain.affine);
  const box = boxAround({ ...brain, toWorld }, { grid: whole, marginMm });
  const scan = box === null ? whole : cropped(whole, box);
  const carried = resample(brain, {
    onto: scan,
    targetToSource: worldTransformOf(invert(templateToScan)),
  });
  return { scan, probability: Float32Array.from(carried.values) };
}
