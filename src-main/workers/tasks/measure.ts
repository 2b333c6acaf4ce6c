import { join } from 'node:path';
import { measure as measureFeatures } from '../../../src-shared/features/measure.ts';
import { prepareViews, type PreparedViews } from '../../../src-shared/features/imageMeasures.ts';
import type { FeatureValue, OutputFile } from '../../../src-shared/domain/study.ts';
import type { GreyImage } from '../../../src-shared/views/greyImage.ts';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import { faceSurface } from '../../../src-shared/regions/faceSurface.ts';
import { renderViews } from '../../../src-shared/views/renderViews.ts';
import type { ViewFrame } from '../../../src-shared/views/viewFrame.ts';
import { viewNames, type ViewName } from '../../../src-shared/views/viewNames.ts';
import { sha256 } from '../../files/hash.ts';
import { decodePng, encodePng } from '../../files/png.ts';
import { readBytes } from '../../files/readBytes.ts';
import { readMask, readShown } from '../../files/readVolume.ts';
import { sharedTemplate } from '../builtInRemovals.ts';
import { writeOutput } from '../outputs.ts';

export interface MeasureData {
  readonly studyFolder: string;
  readonly scanPath: string;
  /** Below the study folder, or null for none. */
  readonly brainPath: string | null;
  readonly frame: ViewFrame;
  /** null where the image has no signal to register by. */
  readonly registration: Registration | null;
  /** Folder of the original's views, below the study folder. */
  readonly originalViews: string;
  readonly defacings: readonly {
    readonly id: string;
    readonly path: string;
    readonly views: string;
  }[];
}

export interface MeasureResult {
  readonly id: string;
  readonly features: readonly FeatureValue[];
  readonly files: readonly OutputFile[];
}

/** Views and features of the defacings of one scan; what concerns the original alone is worked out once for all of them. */
export async function measure(data: MeasureData): Promise<MeasureResult[]> {
  const { studyFolder } = data;
  const original = await readShown(data.scanPath);
  const brain = data.brainPath === null ? null : await readMask(join(studyFolder, data.brainPath), original);
  const views = await preparedViews(join(studyFolder, data.originalViews));
  const { frame, registration } = data;
  const template = await sharedTemplate();
  const surface = faceSurface({ scan: original, level: frame, registration, template });
  const face = { surface, level: frame, registration };
  const results: MeasureResult[] = [];
  for (const { id, path, views: folder } of data.defacings) {
    const defaced = await readShown(join(studyFolder, path));
    const drawn = renderViews(defaced, data.frame);
    const files: OutputFile[] = [];
    for (const name of viewNames)
      files.push(await writeOutput(studyFolder, `${folder}/${name}.png`, encodePng(drawn[name])));
    const values = measureFeatures({
      original,
      defaced,
      brain,
      views: { original: views, defaced: drawn },
      face,
    });
    const features = Object.entries(values).map(([feature, value]) => ({ feature, ...value }));
    results.push({ id, features, files });
  }
  return results;
}

/** The last original this thread compared with: its cells often follow one another, and its part is half of the work. */
let last: { readonly key: string; readonly views: PreparedViews } | null = null;

/** The five pictures in a folder, with the original's part of every comparison. */
export async function preparedViews(folder: string): Promise<PreparedViews> {
  const files = await Promise.all(viewNames.map((name) => readBytes(join(folder, `${name}.png`))));
  const key = sha256(...files);
  if (last?.key !== key) {
    const images = viewNames.map((name, n) => [name, decodePng(files[n])] as const);
    last = { key, views: prepareViews(Object.fromEntries(images) as unknown as Record<ViewName, GreyImage>) };
  }
  return last.views;
}
