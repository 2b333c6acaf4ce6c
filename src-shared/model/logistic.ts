import { AppError } from '../api/appError.ts';
import { solveCholesky } from './cholesky.ts';
import { checkFitInput, checkPredictInput, type ClassWeight, type FitInput, rowWeights } from './fitInput.ts';
import type { Matrix } from './matrix.ts';
import { sigmoid } from './sigmoid.ts';

export interface LogisticSettings {
  /** Inverse strength of the L2 penalty, as C in scikit-learn; the intercept is not penalised. */
  readonly c: number;
  readonly classWeight: ClassWeight;
}
export const logisticDefaults: LogisticSettings = { c: 1, classWeight: 'none' };

export interface LogisticFitted {
  readonly kind: 'logistic';
  readonly intercept: number;
  /** Log-odds per unit of each feature. */
  readonly coefficients: readonly number[];
}

/** Penalised loss C sum w log(1 + exp(-s m)) + |b|^2 / 2 at the margins m. */
function lossOf(
  margins: Float64Array,
  y: Uint8Array,
  w: Float64Array,
  beta: Float64Array,
  c: number,
): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const m = y[i] === 1 ? margins[i] : -margins[i];
    loss += w[i] * (m > 0 ? Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)) - m);
  }
  let penalty = 0;
  for (let j = 1; j < beta.length; j++) penalty += beta[j] * beta[j];
  return c * loss + penalty / 2;
}

/**
 * Logistic regression with an L2 penalty by Newton's method with step halving, to a gradient of 1e-10 of its start
 * (Hastie, Tibshirani and Friedman 2009, section 4.4). Errors: `model-input`, `model-not-converged`.
 */
export function fitLogistic(input: FitInput, settings: LogisticSettings): LogisticFitted {
  checkFitInput(input);
  const { x, y } = input;
  const { rows, columns, values } = x;
  const { c } = settings;
  const w = rowWeights(input, settings.classWeight);
  const size = columns + 1;
  const beta = new Float64Array(size);
  const trial = new Float64Array(size);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const margins = new Float64Array(rows);
  const marginsOf = (b: Float64Array): void => {
    for (let i = 0, at = 0; i < rows; i++) {
      let m = b[0];
      for (let j = 1; j < size; j++, at++) m += b[j] * values[at];
      margins[i] = m;
    }
  };
  let loss = lossOf(margins, y, w, beta, c);
  let firstNorm = 0;
  for (let iteration = 0; iteration < 200; iteration++) {
    gradient.fill(0);
    hessian.fill(0);
    for (let i = 0; i < rows; i++) {
      const p = sigmoid(margins[i]);
      const g = c * w[i] * (p - y[i]);
      const h = c * w[i] * p * (1 - p);
      const at = i * columns - 1;
      gradient[0] += g;
      hessian[0] += h;
      for (let j = 1; j < size; j++) {
        const xj = values[at + j];
        gradient[j] += g * xj;
        const hx = h * xj;
        const row = j * size;
        hessian[row] += hx;
        for (let k = 1; k <= j; k++) hessian[row + k] += hx * values[at + k];
      }
    }
    let norm = Math.abs(gradient[0]);
    for (let j = 1; j < size; j++) {
      gradient[j] += beta[j];
      hessian[j * size + j] += 1;
      norm = Math.max(norm, Math.abs(gradient[j]));
    }
    // A separable set without intercept penalty flattens the Hessian; a hair on the diagonal keeps it invertible.
    hessian[0] += 1e-14;
    if (iteration === 0) firstNorm = norm;
    if (norm <= 1e-10 * Math.max(1, firstNorm))
      return { kind: 'logistic', intercept: beta[0], coefficients: [...beta.subarray(1)] };
    if (!solveCholesky(hessian, gradient)) break;
    let step = 1;
    for (let halving = 0; halving < 40; halving++, step /= 2) {
      for (let j = 0; j < size; j++) trial[j] = beta[j] - step * gradient[j];
      marginsOf(trial);
      const trialLoss = lossOf(margins, y, w, trial, c);
      if (trialLoss <= loss + 1e-12 * Math.abs(loss)) {
        loss = trialLoss;
        beta.set(trial);
        break;
      }
    }
    marginsOf(beta);
  }
  throw new AppError(
    'model-not-converged',
    'The logistic regression found no solution; check for columns of extreme size or raise the penalty.',
    { c },
  );
}

/** P(insufficient) of each row. */
export function predictLogistic(fitted: LogisticFitted, x: Matrix): Float64Array {
  checkPredictInput(x, fitted.coefficients.length);
  const out = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let m = fitted.intercept;
    for (let j = 0; j < x.columns; j++) m += fitted.coefficients[j] * x.values[i * x.columns + j];
    out[i] = sigmoid(m);
  }
  return out;
}
