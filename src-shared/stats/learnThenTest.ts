import { binomialCdf } from './betaDistribution.ts';
import { upperBound } from './clopperPearson.ts';
import { groupIndices } from './clusterBootstrap.ts';
import { seededRandom } from './random.ts';

/** Independent items of the class at risk that are needed to state a rate of at most alpha at 1 - delta with k misses. */
export function itemsNeeded(alpha: number, delta: number, misses = 0): number {
  let n = misses + 1;
  while (binomialCdf(misses, n, alpha) > delta) n++;
  return n;
}

export type RiskThreshold =
  | {
      readonly kind: 'threshold';
      /** Decide automatically where score < threshold (pass) or score > threshold (fail). */
      readonly threshold: number;
      /** Wrong automatic decisions among n independent items of the class at risk, in the draw that set the threshold. */
      readonly k: number;
      readonly n: number;
      /** Clopper-Pearson upper bound of the risk at 1 - delta. */
      readonly bound: number;
    }
  | { readonly kind: 'not-enough'; readonly n: number; readonly needed: number };

interface RiskQuestion {
  /** Out-of-fold scores, higher is more likely insufficient. */
  readonly scores: ArrayLike<number>;
  /** 1 insufficient, 0 adequate. */
  readonly labels: ArrayLike<number>;
  readonly persons: readonly string[];
  /** `pass`: P(score below | insufficient) is bounded; `fail`: P(score above | adequate) is bounded. */
  readonly side: 'pass' | 'fail';
  readonly alpha: number;
  readonly delta: number;
  readonly seed: number;
  /** Draws of one item per person; the safest of their thresholds is taken, which keeps the guarantee. */
  readonly draws?: number;
}

/** The walk itself, over independent scores of the class at risk, written for the pass side (low scores decided). */
function walk(atRisk: number[], alpha: number, delta: number): { threshold: number; k: number } | null {
  const sorted = [...atRisk].sort((a, b) => a - b);
  const n = sorted.length;
  let answer: { threshold: number; k: number } | null = null;
  // The threshold just at the k-th item at risk misses exactly the items below it; between two items the risk is constant.
  for (let k = 0; k < n; k++) {
    if (k > 0 && sorted[k] === sorted[k - 1]) continue;
    if (binomialCdf(k, n, alpha) > delta) break;
    answer = { threshold: sorted[k], k };
  }
  return answer;
}

/**
 * Threshold whose risk is at most alpha with confidence 1 - delta, by fixed-sequence testing from the safest threshold
 * on with exact binomial p-values (Learn then Test, Angelopoulos et al. 2021). One item per person of the class at
 * risk is used, since persons and not scans are independent. When the data cannot support the risk the answer says how
 * many independent items there are and how many are needed, never a threshold.
 */
export function riskThreshold(question: RiskQuestion): RiskThreshold {
  const { scores, labels, persons, side, alpha, delta, seed, draws = 25 } = question;
  const sign = side === 'pass' ? 1 : -1;
  const classAtRisk = side === 'pass' ? 1 : 0;
  const rows: number[] = [];
  for (let i = 0; i < scores.length; i++) if (labels[i] === classAtRisk) rows.push(i);
  const { indices, count } = groupIndices(rows.map((i) => persons[i]));
  const members: number[][] = Array.from({ length: count }, () => []);
  for (const [k, row] of rows.entries()) members[indices[k]].push(row);
  const needed = itemsNeeded(alpha, delta);
  if (count < needed) return { kind: 'not-enough', n: count, needed };
  const random = seededRandom(seed, `threshold ${side}`);
  let safest: { threshold: number; k: number } | null = null;
  for (let draw = 0; draw < draws; draw++) {
    const atRisk = members.map((items) => sign * scores[items[random.integer(items.length)]]);
    const found = walk(atRisk, alpha, delta);
    if (found !== null && (safest === null || found.threshold < safest.threshold)) safest = found;
  }
  if (safest === null) return { kind: 'not-enough', n: count, needed };
  return {
    kind: 'threshold',
    threshold: sign * safest.threshold,
    k: safest.k,
    n: count,
    bound: upperBound(safest.k, count, delta),
  };
}

/** A share with its counts and its exact one-sided upper bound. */
export interface BoundedShare {
  readonly k: number;
  readonly n: number;
  readonly share: number | null;
  readonly bound: number;
}

/** What two thresholds do to scored items: below `lower` auto-pass, above `upper` auto-fail, between them review. */
export function triageRates(
  items: { scores: ArrayLike<number>; labels: ArrayLike<number> },
  thresholds: { lower: number | null; upper: number | null },
  delta = 0.05,
): {
  coverage: BoundedShare;
  missRate: BoundedShare;
  escapeRate: BoundedShare;
  falseAlarmRate: BoundedShare;
  autoPass: number;
  autoFail: number;
  review: number;
} {
  const { scores, labels } = items;
  let pass = 0;
  let passInsufficient = 0;
  let fail = 0;
  let failAdequate = 0;
  let insufficient = 0;
  for (let i = 0; i < scores.length; i++) {
    insufficient += labels[i];
    if (thresholds.lower !== null && scores[i] < thresholds.lower) {
      pass++;
      passInsufficient += labels[i];
    } else if (thresholds.upper !== null && scores[i] > thresholds.upper) {
      fail++;
      failAdequate += 1 - labels[i];
    }
  }
  const share = (k: number, n: number): BoundedShare => ({
    k,
    n,
    share: n === 0 ? null : k / n,
    bound: upperBound(k, n, delta),
  });
  return {
    coverage: share(pass + fail, scores.length),
    missRate: share(passInsufficient, insufficient),
    escapeRate: share(passInsufficient, pass),
    falseAlarmRate: share(failAdequate, scores.length - insufficient),
    autoPass: pass,
    autoFail: fail,
    review: scores.length - pass - fail,
  };
}
