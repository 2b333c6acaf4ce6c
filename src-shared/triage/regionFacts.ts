import { faceFeaturesOf, survivingOf } from '../features/regionFeatures.ts';
import type { Criterion } from '../rating/verdict.ts';
import { regionVerdict } from '../regions/regionVerdict.ts';

export interface FaceFinding {
  readonly effect: 'fail' | 'look';
  readonly sentence: string;
}

/**
 * What the regions of the face say under a criterion; null where they say nothing against it or were not measured. What
 * the definitions call insufficient fails; what they can not tell, and a trace that strict does not allow, is for people.
 */
export function faceFinding(
  features: ReadonlyMap<string, number | null>,
  criterion: Criterion,
): FaceFinding | null {
  const values = Object.fromEntries(features);
  const face = faceFeaturesOf(values);
  if (face === null) return null;
  const { verdict, reason } = regionVerdict(face);
  if (verdict === 3) return { effect: 'fail', sentence: eyesInWords(values) ?? reason };
  if (verdict === null || (verdict === 2 && criterion === 'strict'))
    return { effect: 'look', sentence: reason };
  return null;
}

/** `both eyes still there: 78 % of their surface`, where that is so; else null. */
function eyesInWords(values: Readonly<Record<string, number | null>>): string | null {
  const { 'left-eye': left, 'right-eye': right, nose } = survivingOf(values);
  if (left === null || right === null || left < 0.5 || right < 0.5) return null;
  const eyes = `Both eyes still there: ${Math.round(50 * (left + right))} % of their surface`;
  return nose !== null && nose >= 0.5
    ? `${eyes}; nose still there: ${Math.round(100 * nose)} %.`
    : `${eyes}.`;
}
