import type { BrainFacts } from '../../src-shared/domain/study.ts';
import type { Registration } from '../../src-shared/registration/registerToTemplate.ts';
import type { Head } from '../../src-shared/views/findHead.ts';
import { maskMl, type Mask, type Volume } from '../../src-shared/volume/volume.ts';
import { readMask } from '../files/readVolume.ts';

export interface BrainInput {
  readonly scan: Volume;
  readonly head: Head;
  readonly registration: Registration | null;
  readonly ownBrainPath: string | null;
}

export type FoundBrain = Omit<BrainFacts, 'path' | 'sha256'> & { readonly mask: Mask | null };

/** Volumes of a living brain with its fluid, child to adult. */
const [leastMl, mostMl] = [600, 2200];

/** The brain mask of a scan: someone's own first. A mask that cannot be a brain is kept, and said to be implausible. */
export async function brainOf({ scan, ownBrainPath }: BrainInput): Promise<FoundBrain> {
  if (ownBrainPath === null) {
    return {
      source: 'none',
      ml: null,
      plausible: false,
      reason:
        'No brain mask lies beside this scan. Put one there (its name with _desc-brain_mask) and run the same again.',
      mask: null,
    };
  }
  const mask = await readMask(ownBrainPath, scan);
  const ml = maskMl(mask);
  const plausible = ml >= leastMl && ml <= mostMl;
  const reason = plausible
    ? ''
    : `The brain mask holds ${ml.toFixed(0)} ml; a brain has ${leastMl} to ${mostMl} ml.`;
  return { source: 'own', ml, plausible, reason, mask };
}
