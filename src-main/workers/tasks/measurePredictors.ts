import { join } from 'node:path';
import type { Modality } from '../../../src-shared/domain/modality.ts';
import type { FeatureValue } from '../../../src-shared/domain/study.ts';
import { imageQuality } from '../../../src-shared/predictors/imageQuality.ts';
import type { MeasuredGroup } from '../../../src-shared/predictors/predictor.ts';
import { storedValues } from '../../../src-shared/predictors/predictors.ts';
import { shellScale, shellTexture } from '../../../src-shared/predictors/shellTexture.ts';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import { faceSurface } from '../../../src-shared/regions/faceSurface.ts';
import type { ViewFrame } from '../../../src-shared/views/viewFrame.ts';
import { readMask, readShown } from '../../files/readVolume.ts';
import { sharedTemplate } from '../builtInRemovals.ts';

export interface MeasurePredictorsData {
  readonly studyFolder: string;
  readonly scanPath: string;
  readonly contrast: Modality;
  /** Below the study folder, or null for none. */
  readonly brainPath: string | null;
  readonly frame: ViewFrame;
  readonly registration: Registration | null;
  /** Defacings of the scan, with their files below the study folder, and what is wanted of each. */
  readonly defacings: readonly {
    readonly id: string;
    readonly path: string;
    readonly groups: readonly MeasuredGroup[];
  }[];
}

export interface PredictorsResult {
  readonly id: string;
  readonly group: MeasuredGroup;
  readonly values: readonly FeatureValue[];
}

/** The wanted groups of predictors of the defacings of one scan; what concerns the original is worked out once. */
export async function measurePredictors(data: MeasurePredictorsData): Promise<PredictorsResult[]> {
  const { studyFolder, frame, registration, contrast, defacings } = data;
  const wanted = (group: MeasuredGroup): boolean => defacings.some(({ groups }) => groups.includes(group));
  const scan = await readShown(data.scanPath);
  const results: PredictorsResult[] = [];
  if (wanted('image-quality')) {
    const brain = data.brainPath === null ? null : await readMask(join(studyFolder, data.brainPath), scan);
    const values = storedValues('image-quality', imageQuality({ scan, brain, contrast }));
    for (const { id, groups } of defacings)
      if (groups.includes('image-quality')) results.push({ id, group: 'image-quality', values });
  }
  if (wanted('texture')) {
    const template = await sharedTemplate();
    const surface = faceSurface({ scan, level: frame, registration, template });
    const scale = shellScale(scan, surface, frame.darkest);
    for (const { id, path, groups } of defacings) {
      if (!groups.includes('texture')) continue;
      const defaced = await readShown(join(studyFolder, path));
      results.push({ id, group: 'texture', values: storedValues('texture', shellTexture(defaced, scale)) });
    }
  }
  return results;
}
