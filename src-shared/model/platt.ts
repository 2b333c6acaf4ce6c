import { logit, sigmoid } from './sigmoid.ts';

/** Calibrated probability = 1 / (1 + exp(-(slope * logit(score) + intercept))). */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

/** Log-odds regression of targets on one predictor, weighted, by damped Newton steps; a small ridge keeps it finite. */
function logisticLine(
  t: ArrayLike<number>,
  target: ArrayLike<number>,
  weights: ArrayLike<number> | null,
  ridge: number,
): Calibration {
  let slope = 1;
  let intercept = 0;
  for (let iteration = 0; iteration < 50; iteration++) {
    let ga = ridge * slope;
    let gb = 0;
    let haa = ridge;
    let hab = 0;
    let hbb = 1e-12;
    for (let i = 0; i < t.length; i++) {
      const w = weights === null ? 1 : weights[i];
      if (w === 0) continue;
      const p = sigmoid(slope * t[i] + intercept);
      const g = w * (p - target[i]);
      const h = w * p * (1 - p);
      ga += g * t[i];
      gb += g;
      haa += h * t[i] * t[i];
      hab += h * t[i];
      hbb += h;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 1e-300)) return { slope: Number.NaN, intercept: Number.NaN };
    let da = (hbb * ga - hab * gb) / determinant;
    let db = (haa * gb - hab * ga) / determinant;
    const size = Math.max(Math.abs(da), Math.abs(db));
    if (size > 5) {
      da *= 5 / size;
      db *= 5 / size;
    }
    slope -= da;
    intercept -= db;
    if (size < 1e-9) break;
  }
  return { slope, intercept };
}

/**
 * Platt's calibration on out-of-fold scores (Platt 1999), on log-odds, with his smoothed targets, so that a perfect
 * separation does not give probabilities of 0 and 1. Scores are probabilities from 0 to 1.
 */
export function fitPlatt(scores: ArrayLike<number>, labels: ArrayLike<number>): Calibration {
  let positive = 0;
  for (let i = 0; i < labels.length; i++) positive += labels[i];
  const negative = labels.length - positive;
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  const t = Float64Array.from(scores, clippedLogit);
  return logisticLine(
    t,
    Float64Array.from(labels, (label) => (label === 1 ? high : low)),
    null,
    1e-6,
  );
}

/** Log-odds with scores kept within 1e-4 of 0 and 1, since a forest may answer 0 or 1 outright. */
export function clippedLogit(score: number): number {
  return logit(Math.min(1 - 1e-4, Math.max(1e-4, score)));
}

/** Calibrated P(insufficient). */
export function calibrate({ slope, intercept }: Calibration, score: number): number {
  return sigmoid(slope * clippedLogit(score) + intercept);
}

/**
 * Calibration slope and intercept of probabilities (Cox 1958): 1 and 0 are perfect, a slope below 1 means too extreme
 * probabilities. NaN where undefined. `weights` counts items.
 */
export function calibrationLine(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): Calibration {
  return logisticLine(Float64Array.from(probabilities, clippedLogit), labels, weights, 0);
}
