import { calibrationLine } from './platt.ts';

export const metricNames = [
  'accuracy',
  'specificity',
  'sensitivity',
  'precision',
  'balancedAccuracy',
  'auroc',
  'brier',
  'calibrationSlope',
  'calibrationIntercept',
] as const;
export type MetricName = (typeof metricNames)[number];
export type Metrics = Readonly<Record<MetricName, number | null>>;

/** Scored items. `label` 1 is insufficient. `score` ranks, `probability` is calibrated, `predicted` is the decision. */
export interface ScoredItems {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** Items by ascending score, for `weightedAuroc`. */
export const scoreOrder = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);

/**
 * Area under the ROC curve: the chance that an insufficient item scores above an adequate one, ties count half (Hanley
 * and McNeil 1982). 0 to 1; NaN with one class only. `counts` says how often each item counts.
 */
export function weightedAuroc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  order: Int32Array,
  counts: ArrayLike<number> | null,
): number {
  let below = 0;
  let positives = 0;
  let area = 0;
  for (let start = 0; start < order.length;) {
    let tiedPositive = 0;
    let tiedNegative = 0;
    const score = scores[order[start]];
    let end = start;
    for (; end < order.length && scores[order[end]] === score; end++) {
      const weight = counts === null ? 1 : counts[order[end]];
      if (labels[order[end]] === 1) tiedPositive += weight;
      else tiedNegative += weight;
    }
    area += tiedPositive * (below + tiedNegative / 2);
    below += tiedNegative;
    positives += tiedPositive;
    start = end;
  }
  return positives > 0 && below > 0 ? area / (positives * below) : Number.NaN;
}

export const auroc = (labels: ArrayLike<number>, scores: ArrayLike<number>): number =>
  weightedAuroc(labels, scores, scoreOrder(scores), null);

/**
 * All metrics of scored items in the order of `metricNames`, written to `out`; NaN where undefined. `counts` says how
 * often each item counts (null: once).
 */
export function metricsInto(
  items: ScoredItems,
  order: Int32Array,
  counts: ArrayLike<number> | null,
  out: Float64Array,
): void {
  const { labels, scores, probabilities, predicted } = items;
  const cells = [0, 0, 0, 0];
  let brier = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = counts === null ? 1 : counts[i];
    if (weight === 0) continue;
    cells[labels[i] * 2 + predicted[i]] += weight;
    const miss = probabilities[i] - labels[i];
    brier += weight * miss * miss;
  }
  const [trueNegative, falsePositive, falseNegative, truePositive] = cells;
  const total = trueNegative + falsePositive + falseNegative + truePositive;
  out[0] = (truePositive + trueNegative) / total;
  out[1] = trueNegative / (trueNegative + falsePositive);
  out[2] = truePositive / (truePositive + falseNegative);
  out[3] = truePositive / (truePositive + falsePositive);
  out[4] = (out[1] + out[2]) / 2;
  out[5] = weightedAuroc(labels, scores, order, counts);
  out[6] = brier / total;
  const constant = labels.length > 0 && scores[order[0]] === scores[order[order.length - 1]];
  const line =
    Number.isNaN(out[5]) || constant
      ? { slope: Number.NaN, intercept: Number.NaN }
      : calibrationLine(probabilities, labels, counts);
  // A slope beyond this is a separation without a finite answer.
  const finite = Math.abs(line.slope) < 50 && Math.abs(line.intercept) < 50;
  out[7] = finite ? line.slope : Number.NaN;
  out[8] = finite ? line.intercept : Number.NaN;
}

/** Metrics by name; null where undefined (no positive prediction, one class only, no finite calibration line). */
export function metricsOf(items: ScoredItems): Metrics {
  const out = new Float64Array(metricNames.length);
  metricsInto(items, scoreOrder(items.scores), null, out);
  return namedMetrics(out);
}

export function namedMetrics(values: ArrayLike<number>): Metrics {
  return Object.fromEntries(
    metricNames.map((name, i) => [name, Number.isNaN(values[i]) ? null : values[i]]),
  ) as Record<MetricName, number | null>;
}

/** Calibrated probability from which on items are called insufficient, where balanced accuracy is highest; ties go to the one nearest 0.5. */
export function bestThreshold(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const order = scoreOrder(probabilities);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i];
  const negatives = labels.length - positives;
  let best = 0.5;
  let bestBalance = -1;
  let belowPositive = 0;
  let belowNegative = 0;
  for (let k = 0; k <= order.length; k++) {
    const previous = k === 0 ? 0 : probabilities[order[k - 1]];
    const next = k === order.length ? 1 : probabilities[order[k]];
    if (k === 0 || k === order.length || next > previous) {
      const balance = ((positives - belowPositive) / positives + belowNegative / negatives) / 2;
      const middle = (previous + next) / 2;
      if (
        balance > bestBalance + 1e-12 ||
        (balance > bestBalance - 1e-12 && Math.abs(middle - 0.5) < Math.abs(best - 0.5))
      ) {
        bestBalance = Math.max(balance, bestBalance);
        best = middle;
      }
    }
    if (k < order.length) {
      if (labels[order[k]] === 1) belowPositive++;
      else belowNegative++;
    }
  }
  return best;
}
