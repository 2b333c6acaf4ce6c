import { invert, worldTransformOf } from '../volume/affine.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { resample } from '../volume/resample.ts';
import type { Volume } from '../volume/volume.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import type { Template } from '../registration/template.ts';

/** Voxel size the brain is looked for at, mm; thicker slices stay as thick as they are. */
const workMm = 2;

export interface CarriedBrain {
  /** The scan at about 2 mm. */
  readonly scan: Volume;
  /** Probability of brain on that grid, 0 to 1: the template's, carried over by the registration. */
  readonly probability: Float32Array;
}

/** The template's brain brought to a scan: where a brain is to be expected before the scan is looked at. */
export function carriedBrain(volume: Volume, template: Template, registration: Registration): CarriedBrain {
  const scan = blockMeanTo(volume, { spacingMm: workMm });
  const carried = resample(template.brain, {
    onto: scan,
    targetToSource: worldTransformOf(invert(registration.templateToScan)),
  });
  return { scan, probability: Float32Array.from(carried.values) };
}
