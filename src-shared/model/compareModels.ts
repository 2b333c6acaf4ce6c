import { clusterBootstrap, type Interval } from '../stats/clusterBootstrap.ts';
import { seededRandom } from '../stats/random.ts';
import { scoreOrder, weightedAuroc } from './metrics.ts';

/** One defacing as a kept model scored it while it was not learned from. */
export interface OutOfFoldItem {
  readonly defacingId: string;
  readonly person: string;
  readonly tool: string;
  readonly contrast: string;
  /** 1 is insufficient. */
  readonly label: 0 | 1;
  /** Calibrated P(insufficient). */
  readonly probability: number;
  /** The uncalibrated score that ranks. */
  readonly score: number;
  readonly predicted: 0 | 1;
}

export interface Difference {
  readonly first: number | null;
  readonly second: number | null;
  /** Second minus first, on the shared items. */
  readonly difference: number | null;
  /** 95 % interval of the difference, whole persons drawn with replacement. */
  readonly interval: Interval | null;
}

export interface ModelComparison {
  /** Defacings that both were evaluated on with the same label. */
  readonly items: number;
  readonly persons: number;
  readonly auroc: Difference;
  readonly balancedAccuracy: Difference;
  /** Shared defacings on which they decide differently. */
  readonly changed: readonly {
    readonly defacingId: string;
    readonly label: 0 | 1;
    readonly first: number;
    readonly second: number;
  }[];
}

/** Two models on the defacings both were tested on: paired differences with intervals over persons. */
export function compareModels(
  first: readonly OutOfFoldItem[],
  second: readonly OutOfFoldItem[],
  options: { draws: number; seed: number },
): ModelComparison {
  const other = new Map(second.map((item) => [item.defacingId, item]));
  const pairs = first.flatMap((a) => {
    const b = other.get(a.defacingId);
    return b?.label === a.label ? [{ a, b }] : [];
  });
  const labels = pairs.map(({ a }) => a.label);
  const sides = [pairs.map(({ a }) => a), pairs.map(({ b }) => b)].map((items) => {
    const scores = items.map(({ score }) => score);
    return { items, scores, order: scoreOrder(scores) };
  });
  const statistics = (counts: ArrayLike<number> | null, out: Float64Array): void => {
    for (const [k, { items, scores, order }] of sides.entries()) {
      out[k] = weightedAuroc(labels, scores, order, counts);
      const right = [0, 0];
      const all = [0, 0];
      for (const [i, { label, predicted }] of items.entries()) {
        const weight = counts === null ? 1 : counts[i];
        all[label] += weight;
        if (predicted === label) right[label] += weight;
      }
      out[2 + k] = (right[0] / all[0] + right[1] / all[1]) / 2;
    }
    out[4] = out[1] - out[0];
    out[5] = out[3] - out[2];
  };
  const point = new Float64Array(6);
  if (pairs.length > 0) statistics(null, point);
  else point.fill(Number.NaN);
  const persons = pairs.map(({ a }) => a.person);
  const intervals =
    pairs.length === 0
      ? []
      : clusterBootstrap(persons, statistics, {
          draws: options.draws,
          size: 6,
          random: seededRandom(options.seed, 'comparison'),
        });
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const difference = (a: number, b: number, d: number): Difference => ({
    first: known(point[a]),
    second: known(point[b]),
    difference: known(point[d]),
    interval: intervals[d] ?? null,
  });
  return {
    items: pairs.length,
    persons: new Set(persons).size,
    auroc: difference(0, 1, 4),
    balancedAccuracy: difference(2, 3, 5),
    changed: pairs
      .filter(({ a, b }) => a.predicted !== b.predicted)
      .map(({ a, b }) => ({
        defacingId: a.defacingId,
        label: a.label,
        first: a.probability,
        second: b.probability,
      })),
  };
}
