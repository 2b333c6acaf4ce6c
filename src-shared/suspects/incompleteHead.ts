import type { BorderContact, Side } from './borderContacts.ts';
import type { SuspicionCheck } from './check.ts';
import { isTurnedRound } from './wrongWayRound.ts';

/**
 * Contact as a share of the head's largest cross-section. Ears and the tip of the nose that just touch stay below 0.06
 * (measured 0 to 0.053 on heads said to be whole), a side cut at the eye's corner has 0.47, a missing crown 0.39.
 */
const possibleShare = 0.06;
const likelyShare = 0.15;

const parts: Record<Side, string> = {
  left: 'the left side',
  right: 'the right side',
  back: 'the back',
  front: 'the front',
  top: 'the top',
};

/** Tissue at the left, right, back, front or top border of what was scanned. Below, where the neck leaves, it is normal. */
export const incompleteHead: SuspicionCheck = {
  kind: 'incomplete-head',
  find: (context) => {
    // In a head that lies otherwise than the header says the sides have other names, and one of them is the neck.
    if (isTurnedRound(context)) return null;
    const { contacts, placed } = context;
    const cut = contacts.filter((contact) => contact.share >= possibleShare);
    if (cut.length === 0) return null;
    const likely = cut.filter(isLikely);
    const shown = likely.length > 0 ? likely : cut;
    const facts: Record<string, number> = {};
    for (const { side, areaCm2, share } of cut) {
      facts[`${side}ContactCm2`] = areaCm2;
      facts[`${side}ContactShare`] = share;
    }
    if (placed !== null) facts.brainInField = placed.quality.brainInField;
    const where = shown.map(({ side }) => parts[side]).join(' and ');
    const largest = Math.round(Math.max(...shown.map(({ areaCm2 }) => areaCm2)));
    return likely.length > 0
      ? {
          strength: 'likely',
          sentence: `The head is cut off at ${where}: ${largest} cm² of tissue lie on the border of the field of view.`,
          facts,
        }
      : {
          strength: 'possible',
          sentence: `The head touches the border of the field of view at ${where} (${largest} cm²), so a little of it may be missing.`,
          facts,
        };
  },
};

/** A border inside the stored field was made by a program, perhaps by a defacing that took an ear: never more than possible. */
const isLikely = ({ share, padded }: BorderContact): boolean => share >= likelyShare && !padded;
