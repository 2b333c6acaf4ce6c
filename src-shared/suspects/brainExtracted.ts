import { maskMl } from '../volume/volume.ts';
import type { SuspicionCheck } from './check.ts';
import type { SuspectContext } from './suspectContext.ts';

/** Share of the expected scalp that is missing: 0.05 to 0.38 measured on whole heads, 1.00 on extracted brains. */
const likelyMissing = 0.85;
const possibleMissing = 0.7;
/** Share of everything that is brain: at most 0.55 on heads, tight crops included. */
const likelyShare = 0.85;
const possibleShare = 0.7;

/** A brain without the head around it: no scalp where the template has it, or hardly anything besides the brain mask. */
export const brainExtracted: SuspicionCheck = {
  kind: 'brain-extracted',
  find: (context) => {
    const { zones, input, headMl } = context;
    const scalpMissing = scalpMissingOf(context);
    const brainShare = input.brain === null || headMl === 0 ? null : maskMl(input.brain) / headMl;
    const facts: Record<string, number> = { headMl };
    if (zones !== null) facts.scalpMissingShare = zones.scalp.missing;
    if (brainShare !== null) facts.brainShareOfHead = brainShare;

    const strength = (value: number | null, possible: number, likely: number): number =>
      value === null || value < possible ? 0 : value < likely ? 1 : 2;
    const byTemplate = strength(scalpMissing, possibleMissing, likelyMissing);
    const byMask = strength(brainShare, possibleShare, likelyShare);
    const found = Math.max(byTemplate, byMask);
    if (found === 0) return null;
    return {
      strength: found === 2 ? 'likely' : 'possible',
      sentence:
        byTemplate >= byMask
          ? 'The brain is there, but no skull or scalp around it: this looks like an extracted brain.'
          : 'Hardly anything is in this image besides the brain: this looks like an extracted brain.',
      facts,
    };
  },
};

/** null unless the brain itself was found where the template has it. */
function scalpMissingOf({ zones }: SuspectContext): number | null {
  if (zones === null || zones.scalp.expectedMl < 50) return null;
  return zones.brain.missing > 0.3 || zones.brain.inField < 0.5 ? null : zones.scalp.missing;
}

export const isBrainExtracted = (context: SuspectContext): boolean =>
  brainExtracted.find(context)?.strength === 'likely';
