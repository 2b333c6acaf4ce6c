import { join } from 'node:path';
import type { OutputPaths } from '../../../src-shared/domain/outputNames.ts';
import { readMask, readNifti } from '../../files/readVolume.ts';
import { finishDefacing, type DefaceResult } from '../finishDefacing.ts';

export interface ApplyMaskData {
  readonly studyFolder: string;
  readonly scanPath: string;
  /** A removal mask on the scan's grid, anywhere on this machine. */
  readonly maskPath: string;
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
  return finishDefacing({ ...data, image, brain, removal: await readMask(data.maskPath, image.grid) });
}
