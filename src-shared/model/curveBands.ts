import { clusterBootstrap, type Interval } from '../stats/clusterBootstrap.ts';
import type { SeededRandom } from '../stats/random.ts';
import { scoreOrder, type ScoredItems } from './metrics.ts';

/** 95 % intervals of a curve's height at 41 places of x from 0 to 1; null where it is undefined in most draws. */
export type Band = readonly (Interval | null)[];

export interface CurveBands {
  readonly roc: Band;
  readonly precisionRecall: Band;
  readonly riskCoverage: Band;
}

export const bandPlaces: readonly number[] = Array.from({ length: 41 }, (_, i) => i / 40);

/**
 * Pointwise percentile intervals of the curves when whole persons are drawn with replacement. Between its steps ROC is
 * read linearly, precision at the first threshold that reaches the recall, risk at the first that reaches the coverage.
 */
export function curveBands(
  items: Omit<ScoredItems, 'predicted'>,
  persons: readonly string[],
  options: { draws: number; random: SeededRandom },
): CurveBands {
  const { labels, scores, probabilities } = items;
  const byScore = scoreOrder(scores).reverse();
  const confidence = Float64Array.from(probabilities, (p) => Math.abs(p - 0.5));
  const byConfidence = scoreOrder(confidence).reverse();
  const n = bandPlaces.length;
  const statistics = (counts: Float64Array, out: Float64Array): void => {
    let positives = 0;
    let negatives = 0;
    for (let i = 0; i < labels.length; i++)
      if (labels[i] === 1) positives += counts[i];
      else negatives += counts[i];
    if (positives === 0 || negatives === 0) return;
    let x = 0;
    let y = 0;
    let atRoc = 0;
    let atRecall = 0;
    let lastX = 0;
    let lastY = 0;
    for (const [k, row] of byScore.entries()) {
      if (labels[row] === 1) y += counts[row];
      else x += counts[row];
      if (k + 1 < byScore.length && scores[byScore[k + 1]] === scores[row]) continue;
      const fpr = x / negatives;
      const tpr = y / positives;
      while (atRoc < n && bandPlaces[atRoc] <= fpr) {
        const share = fpr > lastX ? (bandPlaces[atRoc] - lastX) / (fpr - lastX) : 1;
        out[atRoc++] = lastY + share * (tpr - lastY);
      }
      while (atRecall < n && bandPlaces[atRecall] <= tpr && x + y > 0) out[n + atRecall++] = y / (x + y);
      lastX = fpr;
      lastY = tpr;
    }
    let kept = 0;
    let wrong = 0;
    let atRisk = 0;
    for (const [k, row] of byConfidence.entries()) {
      kept += counts[row];
      if ((probabilities[row] >= 0.5 ? 1 : 0) !== labels[row]) wrong += counts[row];
      if (k + 1 < byConfidence.length && confidence[byConfidence[k + 1]] === confidence[row]) continue;
      while (atRisk < n && bandPlaces[atRisk] <= kept / (positives + negatives) && kept > 0)
        out[2 * n + atRisk++] = wrong / kept;
    }
  };
  const found = clusterBootstrap(persons, statistics, { ...options, size: 3 * n });
  return {
    roc: found.slice(0, n),
    precisionRecall: found.slice(n, 2 * n),
    riskCoverage: found.slice(2 * n),
  };
}
