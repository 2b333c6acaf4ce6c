import { lowerBound, upperBound } from '../stats/clopperPearson.ts';
import {
  itemsNeeded,
  riskThreshold,
  triageRates,
  type BoundedShare,
  type RiskThreshold,
} from '../stats/learnThenTest.ts';
import { seededRandom } from '../stats/random.ts';

/** A defacing the model was tested on without having learned from its person. */
export interface TestedItem {
  readonly person: string;
  readonly tool: string;
  readonly contrast: string;
  /** Site or scanner; null where not known. */
  readonly site: string | null;
  /** The model's features in its order, null for missing; for what is outside and what drifted. */
  readonly values: readonly (number | null)[];
  /** 1 insufficient. */
  readonly label: 0 | 1;
  /** Calibrated P(insufficient). */
  readonly probability: number;
}

export interface RiskRequest {
  /** Largest share of insufficient defacings that may be passed. */
  readonly alpha: number;
  /** 1 - confidence. */
  readonly delta: number;
  /** Largest share of adequate defacings that may be failed without a look. */
  readonly alphaFail: number;
  readonly seed: number;
}

/** What automatic decisions cost and bring, always told together. */
export interface RiskStatement extends RiskRequest {
  readonly lower: RiskThreshold;
  readonly upper: RiskThreshold;
  /** On all tested items, several a person: optimistic, since persons and not scans are independent. */
  readonly rates: {
    readonly coverage: BoundedShare;
    readonly coverageLow: number;
    readonly missRate: BoundedShare;
    readonly escapeRate: BoundedShare;
    readonly falseAlarmRate: BoundedShare;
  };
  /** The same with one item a person, drawn by the seed: the counts the bounds may be read from. */
  readonly onePerPerson: RiskStatement['rates'];
  readonly items: number;
  readonly persons: number;
  readonly insufficient: number;
  /** null where both thresholds could be set. */
  readonly notEnough: string | null;
}

/** Thresholds for a requested risk, and what they would do to the items the model was tested on. */
export function riskStatement(items: readonly TestedItem[], request: RiskRequest): RiskStatement {
  const { alpha, delta, alphaFail, seed } = request;
  const scores = items.map(({ probability }) => probability);
  const labels = items.map(({ label }) => label);
  const persons = items.map(({ person }) => person);
  const common = { scores, labels, persons, delta, seed };
  const lower = riskThreshold({ ...common, side: 'pass', alpha });
  const upper = riskThreshold({ ...common, side: 'fail', alpha: alphaFail });
  const thresholds = {
    lower: lower.kind === 'threshold' ? lower.threshold : null,
    // A fail threshold below the pass threshold would decide both ways: then only what is above the latter fails.
    upper: upper.kind === 'threshold' ? Math.max(upper.threshold, lower.kind === 'threshold' ? lower.threshold : -Infinity) : null, // prettier-ignore
  };
  const rated = (some: readonly TestedItem[]): RiskStatement['rates'] => {
    const given = {
      scores: some.map(({ probability }) => probability),
      labels: some.map(({ label }) => label),
    };
    const { coverage, missRate, escapeRate, falseAlarmRate } = triageRates(given, thresholds, delta);
    return {
      coverage,
      coverageLow: lowerBound(coverage.k, coverage.n, delta),
      missRate,
      escapeRate,
      falseAlarmRate,
    };
  };
  return {
    ...request,
    lower,
    upper,
    rates: rated(items),
    onePerPerson: rated(onePerPerson(items, seed)),
    items: items.length,
    persons: new Set(persons).size,
    insufficient: labels.reduce<number>((sum, label) => sum + label, 0),
    notEnough: notEnough(lower, alpha, delta),
  };
}

function notEnough(lower: RiskThreshold, alpha: number, delta: number): string | null {
  if (lower.kind === 'threshold') return null;
  return `Not enough rated scans: ${lower.n} of ${Math.max(lower.needed, itemsNeeded(alpha, delta))} persons with an insufficient defacing. Nothing is passed automatically.`;
}

/** One item of each person, insufficient ones first where a person has both: what can be missed is what is asked about. */
export function onePerPerson<T extends { readonly person: string; readonly label: 0 | 1 }>(
  items: readonly T[],
  seed: number,
): T[] {
  const random = seededRandom(seed, 'one per person');
  return [...Map.groupBy(items, ({ person }) => person).values()].map((own) => {
    const insufficient = own.filter(({ label }) => label === 1);
    const from = insufficient.length > 0 ? insufficient : own;
    return from[random.integer(from.length)];
  });
}

/** One point of the risk-coverage curve for the slider: the largest coverage that each risk allows. */
export interface RiskPoint {
  readonly alpha: number;
  readonly lower: number | null;
  readonly passed: number;
  readonly coverage: number | null;
  readonly missed: number;
  readonly missBound: number;
}

export const sliderRisks = [
  0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3,
] as const;

/** What each risk on the slider would bring, at one confidence. */
export function riskCurve(items: readonly TestedItem[], request: RiskRequest): RiskPoint[] {
  return sliderRisks.map((alpha) => {
    const { lower, upper, rates, insufficient } = riskStatement(items, { ...request, alpha });
    const passed = rates.escapeRate.n;
    const threshold = lower.kind === 'threshold' ? lower.threshold : null;
    return {
      alpha,
      lower: threshold,
      passed,
      coverage: upper.kind === 'threshold' || threshold !== null ? rates.coverage.share : null,
      missed: rates.missRate.k,
      missBound: upperBound(rates.missRate.k, insufficient, request.delta),
    };
  });
}
