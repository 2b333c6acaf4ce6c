import { findSuspicions } from '../../../src-shared/suspects/findSuspicions.ts';
import type { Suspicion } from '../../../src-shared/suspects/suspicion.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { readShown } from '../../files/readVolume.ts';
import { sharedTemplate } from '../builtInRemovals.ts';
import { registered } from '../registered.ts';

export interface SuspectData {
  readonly scanPath: string;
  /** What sidecar or DICOM header say of de-identification: a claim. */
  readonly deidentificationCodes: readonly string[];
}

/** Reasons to look twice at a file, before anything of it is taken up. Without a brain mask: what that shows comes later. */
export async function suspect({ scanPath, deidentificationCodes }: SuspectData): Promise<Suspicion[]> {
  const volume = await readShown(scanPath);
  return findSuspicions({
    volume,
    head: findHead(volume),
    brain: null,
    registration: await registered(volume),
    template: await sharedTemplate(),
    claims: { deidentificationCodes },
  });
}
