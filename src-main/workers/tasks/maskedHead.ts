import type { FeatureNumbers } from '../../../src-shared/benchmark/measuredItem.ts';
import { AppError } from '../../../src-shared/api/appError.ts';
import { applyRemoval } from '../../../src-shared/defacers/applyRemoval.ts';
import { parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { readMask, readNifti } from '../../files/readVolume.ts';
import { measureDefacing, prepareOriginal } from '../preparedOriginal.ts';

export interface MaskedHeadData {
  readonly headPath: string;
  readonly maskPaths: readonly string[];
}

export interface MaskedHeadResult {
  readonly masks: readonly (
    | { readonly path: string; readonly features: FeatureNumbers }
    | { readonly path: string; readonly problem: { readonly code: string; readonly message: string } }
  )[];
  readonly registered: boolean;
  readonly brainPlausible: boolean;
  readonly brainMl: number | null;
}

/**
 * A head with several removal masks: each is applied to the stored values and measured as the main job would. A mask that
 * cannot be used is told; the others go on.
 */
export async function maskedHead({ headPath, maskPaths }: MaskedHeadData): Promise<MaskedHeadResult> {
  const image = await readNifti(headPath);
  const original = await prepareOriginal(image.volume());
  const masks: MaskedHeadResult['masks'][number][] = [];
  for (const path of maskPaths) {
    try {
      const removal = await readMask(path, image.grid);
      const { bytes } = applyRemoval({ image, removal: { ...removal, ...image.grid } });
      masks.push({ path, features: measureDefacing(original, parseNiftiImage(bytes).volume()) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      masks.push({ path, problem: { code: error.code, message: error.message } });
    }
  }
  const { registration, brain } = original;
  return {
    masks,
    registered: registration.verdict === 'good',
    brainPlausible: brain.plausible,
    brainMl: brain.ml,
  };
}
