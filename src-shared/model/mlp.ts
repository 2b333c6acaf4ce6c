import { seededRandom, shuffle } from '../stats/random.ts';
import { checkFitInput, checkPredictInput, type ClassWeight, type FitInput, rowWeights } from './fitInput.ts';
import { holdOut } from './holdOut.ts';
import type { Matrix } from './matrix.ts';
import { sigmoid } from './sigmoid.ts';

export interface MlpSettings {
  /** Units of the one or two hidden layers. */
  readonly hidden: readonly number[];
  /** L2 penalty, as alpha in scikit-learn. */
  readonly alpha: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** Stop after this many epochs in which the loss fell by less than `tolerance`. */
  readonly patience: number;
  readonly tolerance: number;
  /** Watch the loss on a tenth of the persons, held back, and keep the best weights; otherwise watch the training loss. */
  readonly earlyStopping: boolean;
  readonly classWeight: ClassWeight;
}
export const mlpDefaults: MlpSettings = {
  hidden: [16],
  alpha: 1e-4,
  learningRate: 1e-3,
  batchSize: 200,
  maxEpochs: 200,
  patience: 10,
  tolerance: 1e-4,
  earlyStopping: false,
  classWeight: 'none',
};

export interface MlpFitted {
  readonly kind: 'mlp';
  /** Units per layer, from the features to the one output. */
  readonly sizes: readonly number[];
  /** Layer after layer: weights[unit * inputs + input], then the biases. */
  readonly parameters: readonly number[];
}

/** Where each layer's weights and biases start in the flat parameters. */
function layout(sizes: readonly number[]): { weights: number[]; biases: number[]; total: number } {
  const weights: number[] = [];
  const biases: number[] = [];
  let total = 0;
  for (let l = 1; l < sizes.length; l++) {
    weights.push(total);
    total += sizes[l - 1] * sizes[l];
    biases.push(total);
    total += sizes[l];
  }
  return { weights, biases, total };
}

/** A network ready to run over rows; keeps the units' values of the last row for the way back. */
function network(sizes: readonly number[], parameters: Float64Array) {
  const { weights, biases, total } = layout(sizes);
  const units = sizes.map((size) => new Float64Array(size));
  const deltas = sizes.map((size) => new Float64Array(size));
  const last = sizes.length - 1;
  const forward = (values: Float64Array, start: number): number => {
    const input = units[0];
    for (let j = 0; j < input.length; j++) input[j] = values[start + j];
    for (let l = 1; l <= last; l++) {
      const from = units[l - 1];
      const to = units[l];
      const inputs = from.length;
      let at = weights[l - 1];
      const bias = biases[l - 1];
      for (let u = 0; u < to.length; u++) {
        let sum = parameters[bias + u];
        for (let j = 0; j < inputs; j++, at++) sum += parameters[at] * from[j];
        to[u] = l === last || sum > 0 ? sum : 0;
      }
    }
    return units[last][0];
  };
  /** Adds the gradient of one row, whose output has the derivative `delta`, to `gradient`. */
  const backward = (delta: number, gradient: Float64Array): void => {
    deltas[last][0] = delta;
    for (let l = last; l >= 1; l--) {
      const from = units[l - 1];
      const inputs = from.length;
      const above = deltas[l];
      const below = deltas[l - 1];
      const passOn = l > 1;
      if (passOn) below.fill(0);
      const weightStart = weights[l - 1];
      const bias = biases[l - 1];
      for (let u = 0; u < above.length; u++) {
        const d = above[u];
        if (d === 0) continue;
        gradient[bias + u] += d;
        const at = weightStart + u * inputs;
        for (let j = 0; j < inputs; j++) gradient[at + j] += d * from[j];
        if (passOn) for (let j = 0; j < inputs; j++) below[j] += d * parameters[at + j];
      }
      if (passOn) for (let j = 0; j < inputs; j++) if (from[j] <= 0) below[j] = 0;
    }
  };
  return { forward, backward, weights, biases, total };
}

const logLoss = (margin: number, label: number): number => {
  const m = label === 1 ? margin : -margin;
  return m > 0 ? Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)) - m;
};

/**
 * Multilayer perceptron with rectified units and a logistic output, trained by Adam (Kingma and Ba 2015) on shuffled
 * batches; weights start uniform after Glorot and Bengio 2010. Features should be scaled. Errors: `model-input`.
 */
export function fitMlp(input: FitInput, settings: MlpSettings, seed: number): MlpFitted {
  checkFitInput(input);
  const { x, y } = input;
  const { alpha, learningRate } = settings;
  const w = rowWeights(input, settings.classWeight);
  const random = seededRandom(seed, 'mlp');
  const sizes = [x.columns, ...settings.hidden, 1];
  const shape = layout(sizes);
  const parameters = new Float64Array(shape.total);
  const isWeight = new Uint8Array(shape.total);
  for (let l = 1; l < sizes.length; l++) {
    const bound = Math.sqrt((l === sizes.length - 1 ? 2 : 6) / (sizes[l - 1] + sizes[l]));
    const end = shape.biases[l - 1];
    for (let k = shape.weights[l - 1]; k < end; k++) {
      parameters[k] = random.uniform(-bound, bound);
      isWeight[k] = 1;
    }
    for (let k = end; k < end + sizes[l]; k++) parameters[k] = random.uniform(-bound, bound);
  }
  const split = settings.earlyStopping ? holdOut(input, 0.1, random) : null;
  let rows = split === null ? Array.from(y, (_, i) => i) : [...split.train];
  const { forward, backward } = network(sizes, parameters);
  const gradient = new Float64Array(shape.total);
  const m1 = new Float64Array(shape.total);
  const m2 = new Float64Array(shape.total);
  let steps = 0;
  let best = Infinity;
  let stale = 0;
  let bestParameters: Float64Array | null = null;
  const batch = Math.min(settings.batchSize, rows.length);
  for (let epoch = 0; epoch < settings.maxEpochs; epoch++) {
    rows = shuffle(rows, random);
    let epochLoss = 0;
    for (let start = 0; start < rows.length; start += batch) {
      const end = Math.min(start + batch, rows.length);
      let weightSum = 0;
      for (let k = start; k < end; k++) weightSum += w[rows[k]];
      if (weightSum === 0) continue;
      gradient.fill(0);
      let loss = 0;
      for (let k = start; k < end; k++) {
        const row = rows[k];
        if (w[row] === 0) continue;
        const margin = forward(x.values, row * x.columns);
        loss += w[row] * logLoss(margin, y[row]);
        backward(w[row] * (sigmoid(margin) - y[row]), gradient);
      }
      steps++;
      const rate = (learningRate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
      let penalty = 0;
      for (let k = 0; k < parameters.length; k++) {
        let d = gradient[k];
        if (isWeight[k] === 1) {
          penalty += parameters[k] * parameters[k];
          d += alpha * parameters[k];
        }
        d /= weightSum;
        m1[k] = 0.9 * m1[k] + 0.1 * d;
        m2[k] = 0.999 * m2[k] + 0.001 * d * d;
        parameters[k] -= (rate * m1[k]) / (Math.sqrt(m2[k]) + 1e-8);
      }
      epochLoss += ((loss + (alpha / 2) * penalty) / weightSum) * (end - start);
    }
    let watched = epochLoss / rows.length;
    if (split !== null) {
      watched = 0;
      for (const row of split.held) watched += logLoss(forward(x.values, row * x.columns), y[row]);
      watched /= split.held.length;
    }
    stale = watched > best - settings.tolerance ? stale + 1 : 0;
    if (watched < best) {
      best = watched;
      if (split !== null) bestParameters = parameters.slice();
    }
    if (stale > settings.patience) break;
  }
  return { kind: 'mlp', sizes, parameters: [...(bestParameters ?? parameters)] };
}

/** P(insufficient) of each row. */
export function predictMlp(fitted: MlpFitted, x: Matrix): Float64Array {
  checkPredictInput(x, fitted.sizes[0]);
  const { forward } = network(fitted.sizes, Float64Array.from(fitted.parameters));
  const out = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) out[i] = sigmoid(forward(x.values, i * x.columns));
  return out;
}
