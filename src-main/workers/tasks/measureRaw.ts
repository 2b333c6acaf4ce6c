import { join } from 'node:path';
import { measure } from '../../../src-shared/features/measure.ts';
import type { RawOutput } from '../../../src-shared/domain/study.ts';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import { faceSurface } from '../../../src-shared/regions/faceSurface.ts';
import { canonicalMask, canonicalVolume } from '../../../src-shared/volume/canonical.ts';
import { renderViews } from '../../../src-shared/views/renderViews.ts';
import type { ViewFrame } from '../../../src-shared/views/viewFrame.ts';
import { sha256 } from '../../files/hash.ts';
import { readBytes } from '../../files/readBytes.ts';
import { readMask, readShown } from '../../files/readVolume.ts';
import { sharedTemplate } from '../builtInRemovals.ts';
import { preparedViews } from './measure.ts';

export interface MeasureRawData {
  readonly studyFolder: string;
  readonly scanPath: string;
  /** The file the program left, anywhere on this machine, on the grid it was given. */
  readonly rawPath: string;
  /** True value = the program's value / factor + base: how the scan was handed to it. */
  readonly staging: { readonly factor: number; readonly base: number };
  /** Below the study folder, or null for none. */
  readonly brainPath: string | null;
  readonly frame: ViewFrame;
  /** null where the image has no signal to register by. */
  readonly registration: Registration | null;
  readonly originalViews: string;
}

/**
 * The features of what a program itself wrote, as if it were the defacing: with its new scaling, number type and noise.
 * That nearly every voxel may differ then is the paper's observation.
 */
export async function measureRaw(data: MeasureRawData): Promise<RawOutput> {
  const { studyFolder, staging, frame } = data;
  const original = canonicalVolume(await readShown(data.scanPath));
  const left = canonicalVolume(await readShown(data.rawPath));
  const values =
    staging.factor === 1 && staging.base === 0
      ? left.values
      : Float32Array.from(left.values, (value) => value / staging.factor + staging.base);
  // Its header may have been written anew, with the last digits rounded: the grid was compared when it was taken in.
  const raw = { ...original, values };
  const brain = data.brainPath === null ? null : await readMask(join(studyFolder, data.brainPath));
  const level = frame;
  const { registration } = data;
  const template = await sharedTemplate();
  const surface = faceSurface({ scan: original, level, registration, template });
  const measured = measure({
    face: { surface, level, registration },
    original,
    defaced: raw,
    brain: brain === null ? null : { ...canonicalMask(brain), affine: original.affine },
    views: {
      original: await preparedViews(join(studyFolder, data.originalViews)),
      defaced: renderViews(raw, frame),
    },
  });
  const bytes = await readBytes(data.rawPath);
  return {
    sha256: sha256(bytes),
    bytes: bytes.length,
    features: Object.entries(measured).map(([feature, value]) => ({ feature, ...value })),
  };
}
