import { lowerBound, upperBound } from '../stats/clopperPearson.ts';
import { onePerPerson, type TestedItem } from './riskStatement.ts';

/** What one place of the pass threshold would do to the tested defacings, with everything else as it is. */
export interface CoveragePoint {
  /** Passed where the probability is below. */
  readonly threshold: number;
  /** Passed of all tested, 0 to 1. */
  readonly passed: number;
  /** Decided without a look of all tested, 0 to 1, with its exact one-sided lower bound. */
  readonly coverage: number;
  readonly coverageLow: number;
  /** Insufficient ones passed, one a person, and the exact one-sided upper bound of their share. */
  readonly missed: number;
  readonly persons: number;
  readonly missBound: number;
}

const mostPoints = 160;

/**
 * The risk-coverage curve: how much is decided without a look, and how much of what is insufficient slips through, for
 * each place of the pass threshold from the safest on. Misses are counted with one insufficient item a person, drawn by
 * the seed; bounds are those of Clopper and Pearson at 1 - delta. `upper` is the threshold above which is failed.
 */
export function riskCoverage(
  items: readonly TestedItem[],
  { delta, seed, upper }: { readonly delta: number; readonly seed: number; readonly upper: number | null },
): CoveragePoint[] {
  const n = items.length;
  if (n === 0) return [];
  const all = items.map(({ probability }) => probability).sort((a, b) => a - b);
  const atRisk = onePerPerson(items, seed)
    .filter(({ label }) => label === 1)
    .map(({ probability }) => probability)
    .sort((a, b) => a - b);
  const thresholds = [...new Set(all), Infinity];
  const step = Math.max(1, Math.ceil(thresholds.length / mostPoints));
  const below = (sorted: readonly number[], value: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return thresholds
    .filter((_, at) => at % step === 0 || at === thresholds.length - 1)
    .map((threshold) => {
      const passed = below(all, threshold);
      const failFrom = upper === null ? Infinity : Math.max(upper, threshold);
      const decided = passed + all.filter((p) => p > failFrom).length;
      const missed = below(atRisk, threshold);
      return {
        threshold: Math.min(1, threshold),
        passed: passed / n,
        coverage: decided / n,
        coverageLow: lowerBound(decided, n, delta),
        missed,
        persons: atRisk.length,
        missBound: upperBound(missed, atRisk.length, delta),
      };
    });
}

/** Tested defacings by their probability in twenty equal bins, adequate and insufficient apart. */
export function scoreBins(items: readonly TestedItem[]): { adequate: number[]; insufficient: number[] } {
  const bins = { adequate: new Array<number>(20).fill(0), insufficient: new Array<number>(20).fill(0) };
  for (const { probability, label } of items)
    bins[label === 1 ? 'insufficient' : 'adequate'][Math.min(19, Math.floor(probability * 20))]++;
  return bins;
}
