import { brainAltered } from './brainAltered.ts';
import { brainLoss } from './brainLoss.ts';
import { brainLossByPlace } from './brainLossByPlace.ts';
import { brainLossMl } from './brainLossMl.ts';
import { brainToHeadRatio } from './brainToHeadRatio.ts';
import { fsimLibrary } from './fsimLibrary.ts';
import { fsimReference } from './fsimReference.ts';
import { headLoss } from './headLoss.ts';
import { impactedPercent } from './impactedPercent.ts';
import { impactedVoxels } from './impactedVoxels.ts';
import { psnr } from './psnr.ts';
import { regionFeatures } from './regionFeatures.ts';
import { rmse } from './rmse.ts';
import { ssim } from './ssim.ts';
import type { Feature } from './feature.ts';

/** Every measurement of a defacing, in the order of tables. Adding one is adding a file and a line here. */
export const features: readonly Feature[] = [
  impactedVoxels,
  impactedPercent,
  headLoss,
  brainAltered,
  brainLoss,
  brainLossMl,
  brainToHeadRatio,
  rmse,
  psnr,
  ssim,
  fsimReference,
  fsimLibrary,
  ...regionFeatures,
  ...brainLossByPlace,
];
