import { isBrainExtracted } from './brainExtracted.ts';
import type { SuspicionCheck } from './check.ts';
import { isTurnedRound } from './wrongWayRound.ts';

/** Heads with and without a neck measured 1.1 (a brain alone) to 4.6 litres; children's and shoulders in view allowed for. */
const smallestMl = 500;
const largestMl = 9000;

/** Nothing in the image, a thing of no head's size, or one whose inside agrees with no brain in any way it can be turned. */
export const notAHead: SuspicionCheck = {
  kind: 'not-a-head',
  find: (context) => {
    const { headMl, head, input, placed } = context;
    const { registration } = input;
    const facts: Record<string, number> = { objectMl: headMl };
    if (registration !== null) {
      facts.headOverlap = registration.quality.headOverlap;
      facts.brainInformation = registration.quality.brainInformation;
      facts.sharpness = registration.quality.sharpness;
    }
    if (head === null) {
      return { strength: 'likely', sentence: 'Nothing stands out from the background in this image.', facts };
    }
    if (headMl < smallestMl || headMl > largestMl) {
      return {
        strength: 'likely',
        sentence: `What is in this image has ${(headMl / 1000).toFixed(1)} litres, a size no head has.`,
        facts,
      };
    }
    if (registration === null || placed !== null) return null;
    if (isBrainExtracted(context) || isTurnedRound(context)) return null;
    const { brainInformation, sharpness } = registration.quality;
    return brainInformation < 1.04 && sharpness < 0.006
      ? {
          strength: 'likely',
          sentence:
            'What is in this image agrees with the template head neither as it lies nor turned: it may be no head at all.',
          facts,
        }
      : {
          strength: 'possible',
          sentence: `The template head could not be laid on this image well. ${registration.reason}`,
          facts,
        };
  },
};
