import { isBrainExtracted } from './brainExtracted.ts';
import type { SuspicionCheck } from './check.ts';
import type { SuspectContext } from './suspectContext.ts';
import type { Zone } from './templateZones.ts';
import { isTurnedRound } from './wrongWayRound.ts';

/**
 * Measured on whole heads: up to 13 cm² of sharp edge in front and up to 0.07 of a face region exactly empty; on real
 * defacings at least 38 cm² and 0.3.
 */
const cutCm2 = 22;
const emptyShare = 0.2;
/** Tissue missing from a face region, empty or not: up to 0.12 on whole heads. */
const missingShare = 0.4;
/** A region that the field shows less of says nothing. */
const leastExpectedMl = 15;

/** A surface as sharp as no skin, next to exact emptiness where the template has a face; or no tissue where it should be. */
export const alreadyDefaced: SuspicionCheck = {
  kind: 'already-defaced',
  find: (context) => {
    if (isBrainExtracted(context)) return null;
    return context.zones !== null ? byTemplate(context, context.zones) : byShape(context);
  },
};

type Found = ReturnType<SuspicionCheck['find']>;

function byTemplate(context: SuspectContext, zones: NonNullable<SuspectContext['zones']>): Found {
  const { eyes, nose, mouth } = zones;
  const seen = Object.entries({ eyes, nose, mouth }).filter(([, zone]) => zone.expectedMl >= leastExpectedMl);
  const facts: Record<string, number> = {
    frontCutCm2: context.frontCutCm2,
    totalCutCm2: context.cut.areaCm2,
  };
  for (const [name, zone] of seen) {
    facts[`${name}MissingShare`] = zone.missing;
    facts[`${name}EmptyShare`] = emptyOf(zone);
  }
  const empty = seen.filter(([, zone]) => emptyOf(zone) >= emptyShare).map(([name]) => name);
  const missing = seen.filter(([, zone]) => zone.missing >= missingShare).map(([name]) => name);
  const cut = context.frontCutCm2 >= cutCm2;
  const area = Math.round(context.frontCutCm2);
  if (cut && empty.length > 0) {
    return {
      strength: 'likely',
      sentence: `The ${listed(empty)} ${areOrIs(empty)} exactly empty in part or whole, behind a sharp cut of ${area} cm²: this scan looks defaced already.`,
      facts,
    };
  }
  if (missing.length > 0) {
    return {
      strength: 'possible',
      sentence: `There is no tissue in much of the place where the ${listed(missing)} should be: this scan may be defaced already.`,
      facts,
    };
  }
  if (cut) {
    return {
      strength: 'possible',
      sentence: `A sharp cut of ${area} cm² runs along the front of the head although the face is mostly there: something may have been removed.`,
      facts,
    };
  }
  return null;
}

/** Without the template's help a cut has to be larger, and one that goes all round may be anything. */
const likelyUnplacedCm2 = 35;
const anywhereCm2 = 100;

/** Where the template is not placed: cuts gathered in the lower front of whatever is in the image. */
function byShape(context: SuspectContext): Found {
  const { cut, frontCutCm2, lowFrontShare, input } = context;
  if (isTurnedRound(context)) return null;
  const facts = { totalCutCm2: cut.areaCm2, frontCutCm2, lowFrontCutShare: lowFrontShare };
  if (frontCutCm2 >= cutCm2 && lowFrontShare >= 0.5) {
    return {
      strength: frontCutCm2 >= likelyUnplacedCm2 ? 'likely' : 'possible',
      sentence: `A sharp cut of ${Math.round(frontCutCm2)} cm² borders exact emptiness at the lower front: a face may have been removed.`,
      facts,
    };
  }
  if (input.registration === null && cut.areaCm2 >= anywhereCm2) {
    return {
      strength: 'possible',
      sentence: `Tissue borders exact emptiness over ${Math.round(cut.areaCm2)} cm²: something was cut away, a face or all but the brain.`,
      facts,
    };
  }
  return null;
}

const emptyOf = ({ missing, voidOfMissing }: Zone): number => missing * voidOfMissing;

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;

const areOrIs = (names: readonly string[]): string =>
  names.length > 1 || names[0] === 'eyes' ? 'are' : 'is';
