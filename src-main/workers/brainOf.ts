import { brainPlausibility } from '../../src-shared/brain/brainPlausibility.ts';
import { extractBrain } from '../../src-shared/brain/extractBrain.ts';
import type { BrainFacts } from '../../src-shared/domain/study.ts';
import type { Registration } from '../../src-shared/registration/registerToTemplate.ts';
import type { Head } from '../../src-shared/views/findHead.ts';
import type { Mask, Volume } from '../../src-shared/volume/volume.ts';
import { readMask } from '../files/readVolume.ts';
import { sharedTemplate } from './builtInRemovals.ts';

export interface BrainInput {
  readonly scan: Volume;
  readonly head: Head;
  /** null where the image has no signal to register by. */
  readonly registration: Registration | null;
  readonly ownBrainPath: string | null;
}

export type FoundBrain = Omit<BrainFacts, 'path' | 'sha256'> & { readonly mask: Mask | null };

/**
 * The brain mask of a scan: someone's own first, else the built-in extractor's. A mask that cannot be a brain is kept, so
 * that it can be looked at, and said to be implausible with the reasons.
 */
export async function brainOf({ scan, head, registration, ownBrainPath }: BrainInput): Promise<FoundBrain> {
  if (ownBrainPath !== null) {
    const mask = await readMask(ownBrainPath, scan);
    return { source: 'own', ...told(brainPlausibility(mask, head.mask)), mask };
  }
  if (registration === null) {
    return {
      source: 'none',
      ml: null,
      plausible: false,
      reason: 'There is no signal in this image to find a brain by.',
      mask: null,
    };
  }
  const { mask, plausibility } = extractBrain(scan, { template: await sharedTemplate(), registration, head });
  return { source: 'built-in', ...told(plausibility), mask };
}

const told = ({ ml, plausible, reasons }: ReturnType<typeof brainPlausibility>) => ({
  ml,
  plausible,
  reason: reasons.join(' '),
});
