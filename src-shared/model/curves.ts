import { clopperPearson } from '../stats/clopperPearson.ts';
import { scoreOrder } from './metrics.ts';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Items at or above this score are called insufficient (risk-coverage: confidence of the last item kept). */
  readonly threshold: number;
}

/** Counts of items at or above each distinct score, from the highest down. */
function descending(labels: ArrayLike<number>, scores: ArrayLike<number>) {
  const order = scoreOrder(scores).reverse();
  const steps: { threshold: number; positive: number; negative: number }[] = [];
  let positive = 0;
  let negative = 0;
  for (const [k, row] of order.entries()) {
    if (labels[row] === 1) positive++;
    else negative++;
    if (k + 1 === order.length || scores[order[k + 1]] !== scores[row])
      steps.push({ threshold: scores[row], positive, negative });
  }
  return { steps, positive, negative };
}

/** ROC: x false positive rate, y sensitivity, from (0, 0) to (1, 1); empty with one class only. */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): CurvePoint[] {
  const { steps, positive, negative } = descending(labels, scores);
  if (positive === 0 || negative === 0) return [];
  return [
    { x: 0, y: 0, threshold: Infinity },
    ...steps.map((s) => ({ x: s.negative / negative, y: s.positive / positive, threshold: s.threshold })),
  ].map((point) => ({ ...point, threshold: Math.min(point.threshold, 2) }));
}

/** Precision-recall: x recall (sensitivity), y precision; empty without insufficient items. */
export function precisionRecallCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): CurvePoint[] {
  const { steps, positive } = descending(labels, scores);
  if (positive === 0) return [];
  return steps.map((s) => ({
    x: s.positive / positive,
    y: s.positive / (s.positive + s.negative),
    threshold: s.threshold,
  }));
}

/** Average precision: the step-wise area under the precision-recall curve, as scikit-learn; null without insufficient items. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const points = precisionRecallCurve(labels, scores);
  if (points.length === 0) return null;
  let area = 0;
  for (const [i, point] of points.entries()) area += (point.x - (i === 0 ? 0 : points[i - 1].x)) * point.y;
  return area;
}

export interface ReliabilityBin {
  readonly meanProbability: number;
  /** Share of insufficient items in the bin. */
  readonly share: number;
  readonly n: number;
  /** Exact 95 % interval of the share (Clopper and Pearson 1934), as if every item were another person's. */
  readonly interval: { readonly low: number; readonly high: number };
}

/** Reliability in bins of (nearly) equal size by calibrated probability; equal probabilities stay together. */
export function reliabilityCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
): ReliabilityBin[] {
  const order = scoreOrder(probabilities);
  const out: ReliabilityBin[] = [];
  let start = 0;
  for (let bin = 0; bin < bins && start < order.length; bin++) {
    let end = Math.max(start + 1, Math.round(((bin + 1) * order.length) / bins));
    while (end < order.length && probabilities[order[end]] === probabilities[order[end - 1]]) end++;
    let sum = 0;
    let positive = 0;
    for (let k = start; k < end; k++) {
      sum += probabilities[order[k]];
      positive += labels[order[k]];
    }
    const n = end - start;
    out.push({ meanProbability: sum / n, share: positive / n, n, interval: clopperPearson(positive, n) });
    start = end;
  }
  return out;
}

/** Risk-coverage: items by falling confidence |p - 0.5|; x share kept, y error rate among them (El-Yaniv and Wiener 2010). */
export function riskCoverageCurve(labels: ArrayLike<number>, probabilities: ArrayLike<number>): CurvePoint[] {
  const confidence = Float64Array.from(probabilities, (p) => Math.abs(p - 0.5));
  const order = scoreOrder(confidence).reverse();
  const points: CurvePoint[] = [];
  let errors = 0;
  for (const [k, row] of order.entries()) {
    errors += (probabilities[row] >= 0.5 ? 1 : 0) === labels[row] ? 0 : 1;
    if (k + 1 === order.length || confidence[order[k + 1]] !== confidence[row])
      points.push({ x: (k + 1) / order.length, y: errors / (k + 1), threshold: confidence[row] });
  }
  return points;
}
