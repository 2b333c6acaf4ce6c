import type { RuleFinding } from './triageRules.ts';

/** `pass` and `fail` are decided; `review` lies between the thresholds; `hold` is where a model may not decide. */
export type TriageDecision = 'pass' | 'fail' | 'review' | 'hold';

export interface Decided {
  readonly decision: TriageDecision;
  readonly reasons: readonly string[];
}

export interface DecisionInput {
  readonly rules: readonly RuleFinding[];
  /** Calibrated P(insufficient); null where the model could not score, and why. */
  readonly probability: number | null;
  readonly problem: string | null;
  /** Why the model may not decide: outside of what it was trained on. */
  readonly outside: readonly string[];
  readonly lower: number | null;
  readonly upper: number | null;
}

const percent = (p: number): string =>
  p < 0.01 ? 'under 1 %' : p > 0.99 ? 'over 99 %' : `${Math.round(100 * p)} %`;

/**
 * What becomes of one defacing: rules first, then everything that forbids the model to decide, then its score against
 * the two thresholds. Holding back can only lower the risk of the passes, so the guarantee of the thresholds stands.
 */
export function decide(input: DecisionInput): Decided {
  const { rules, probability, problem, outside, lower, upper } = input;
  const failing = rules.filter(({ effect }) => effect === 'fail');
  if (failing.length > 0) return { decision: 'fail', reasons: failing.map(({ sentence }) => sentence) };
  const looking = rules.map(({ sentence }) => sentence);
  if (probability === null)
    return { decision: 'hold', reasons: [...looking, problem ?? 'The model could not score it.'] };
  const said = `Probability of insufficient: ${percent(probability)}.`;
  if (outside.length > 0) return { decision: 'hold', reasons: [...looking, ...outside, said] };
  if (upper !== null && probability > upper) return { decision: 'fail', reasons: [...looking, said] };
  if (looking.length > 0) return { decision: 'review', reasons: [...looking, said] };
  if (lower !== null && probability < lower) return { decision: 'pass', reasons: [said] };
  return { decision: 'review', reasons: [said] };
}

/** How much worse it is to let an insufficient defacing out than to look at an adequate one. */
export const missToLook = 10;

/**
 * What deciding without a look would cost, in looks: the smaller of passing it and failing it. The review queue is in
 * this order, dearest first. A defacing that nothing is known of counts as even odds.
 */
export function expectedCost(probability: number | null): number {
  const p = probability ?? 0.5;
  return Math.min(missToLook * p, 1 - p);
}
