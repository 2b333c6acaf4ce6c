import { join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { Outcome } from '../../../src-shared/domain/outcome.ts';
import type { OutputPaths } from '../../../src-shared/domain/outputNames.ts';
import type { BrainFacts } from '../../../src-shared/domain/study.ts';
import type { Registration } from '../../../src-shared/registration/registerToTemplate.ts';
import { readMask, readNifti } from '../../files/readVolume.ts';
import { finishDefacing, without, type DefaceResult } from '../finishDefacing.ts';
import { makeRemoval, type BuiltInId } from '../builtInRemovals.ts';

export interface DefaceData {
  readonly studyFolder: string;
  readonly scanPath: string;
  readonly tool: {
    readonly id: BuiltInId;
    readonly title: string;
    readonly version: string;
    readonly needsBrain: boolean;
  };
  readonly settings: Readonly<Record<string, unknown>>;
  readonly brain: BrainFacts;
  readonly registration: Registration | null;
  readonly paths: OutputPaths;
  /** Acquisition facts of the original's sidecar. */
  readonly sidecar: Readonly<Record<string, unknown>> | null;
}

/** One built-in tool on one scan: mask, application, proof, files. Files are in place when it answers. */
export async function deface(data: DefaceData): Promise<DefaceResult> {
  const { brain: brainFacts, tool, studyFolder } = data;
  if (tool.needsBrain && (brainFacts.path === null || !brainFacts.plausible)) {
    return without('brain-mask-missing', brainFacts.reason);
  }
  const image = await readNifti(data.scanPath);
  const brain =
    brainFacts.path === null ? null : await readMask(join(studyFolder, brainFacts.path), image.grid);
  const made = await makeRemoval(tool.id, {
    image,
    brain,
    registration: data.registration,
    settings: data.settings,
  }).catch((error: unknown) => {
    const outcome = error instanceof AppError ? refusals[error.code] : undefined;
    if (outcome === undefined || !(error instanceof AppError)) throw error;
    return without(outcome, error.message);
  });
  if ('outcome' in made) return made;
  const { removal, details } = made;
  return finishDefacing({ ...data, image, brain, removal, details });
}

/** Errors of the built-in methods that say something about the scan, not about the machine. */
const refusals: Readonly<Partial<Record<string, Outcome>>> = {
  'brain-mask-empty': 'brain-mask-missing',
  'brain-mask-implausible': 'brain-mask-missing',
  'registration-poor': 'registration-failed',
  'registration-no-signal': 'registration-failed',
};
