import type { LearningTable } from '../model/learningTable.ts';
import { methodBlock } from '../model/learningTable.ts';
import { scoreOrder, weightedAuroc } from '../model/metrics.ts';
import { clusterBootstrap, type Interval } from '../stats/clusterBootstrap.ts';
import { quantileSorted } from '../stats/quantile.ts';
import { seededRandom } from '../stats/random.ts';

/** How well one feature alone tells insufficient from adequate. */
export interface SingleFeature {
  readonly feature: string;
  /** Which values speak for insufficient. */
  readonly insufficientIf: 'high' | 'low';
  /** 0.5 to 1: the direction is chosen on these very items. */
  readonly auroc: number;
  /** 95 %, persons drawn with replacement, in that direction. */
  readonly interval: Interval | null;
  /** The best any threshold reaches on these very items: an upper bound, not an expectation. */
  readonly bestBalancedAccuracy: number;
  readonly missing: number;
}

/** Every measurement of a table on its own, best first. A missing value counts as the median. */
export function singleFeatures(
  { features, x, labels, persons }: LearningTable,
  { draws = 2000, seed = 1 }: { draws?: number; seed?: number } = {},
): SingleFeature[] {
  return features
    .map((feature, j) => ({ feature, j }))
    .filter(({ feature }) => feature.block !== methodBlock)
    .map(({ feature, j }): SingleFeature => {
      const raw = Float64Array.from({ length: x.rows }, (_, i) => x.values[i * x.columns + j]);
      const known = raw.filter((value) => !Number.isNaN(value)).sort();
      const middle = known.length === 0 ? 0 : quantileSorted(known, 0.5);
      const values = raw.map((value) => (Number.isNaN(value) ? middle : value));
      const area = weightedAuroc(labels, values, scoreOrder(values), null);
      const high = area >= 0.5;
      const scores = high ? values : values.map((value) => -value);
      const order = scoreOrder(scores);
      const [interval] = clusterBootstrap(
        persons,
        (counts, out) => {
          out[0] = weightedAuroc(labels, scores, order, counts);
        },
        { draws, size: 1, random: seededRandom(seed, `single ${feature.id}`) },
      );
      return {
        feature: feature.id,
        insufficientIf: high ? 'high' : 'low',
        auroc: high ? area : 1 - area,
        interval,
        bestBalancedAccuracy: bestBalancedAccuracy(labels, scores, order),
        missing: x.rows - known.length,
      };
    })
    .sort((a, b) => b.auroc - a.auroc);
}

/** The highest balanced accuracy over all thresholds on the scores; NaN with one class only. */
export function bestBalancedAccuracy(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  order: Int32Array = scoreOrder(scores),
): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i];
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  let [best, missed, cleared] = [0.5, 0, 0];
  for (let k = 0; k < order.length; k++) {
    if (labels[order[k]] === 1) missed++;
    else cleared++;
    const tied = k + 1 < order.length && scores[order[k + 1]] === scores[order[k]];
    if (!tied) best = Math.max(best, ((positives - missed) / positives + cleared / negatives) / 2);
  }
  return best;
}
