import { join } from 'node:path';
import type { OutputPaths } from '../../../src-shared/domain/outputNames.ts';
import { readMask, readNifti, readVolume } from '../../files/readVolume.ts';
import { finishDefacing, type DefaceResult } from '../finishDefacing.ts';

export interface ApplyMaskData {
  readonly studyFolder: string;
  readonly scanPath: string;
  /** A removal mask on the scan's grid, anywhere on this machine. */
  readonly maskPath: string;
  /** An image on the scan's grid with what a refacer put in place of the face, or null. */
  readonly replacementPath: string | null;
  /** Below the study folder, or null for none. */
  readonly brainPath: string | null;
  readonly tool: { readonly id: string; readonly title: string; readonly version: string };
  readonly paths: OutputPaths;
  readonly sidecar: Readonly<Record<string, unknown>> | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Applies the mask that a program's output became. */
export async function applyMask(data: ApplyMaskData): Promise<DefaceResult> {
  const image = await readNifti(data.scanPath);
  const brain =
    data.brainPath === null ? null : await readMask(join(data.studyFolder, data.brainPath), image.grid);
  const replacement =
    data.replacementPath === null ? undefined : (await readVolume(data.replacementPath)).values;
  const removal = await readMask(data.maskPath, image.grid);
  return finishDefacing({ ...data, image, brain, removal, replacement });
}
