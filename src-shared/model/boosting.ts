import { seededRandom, shuffle } from '../stats/random.ts';
import { checkFitInput, checkPredictInput, type ClassWeight, type FitInput, rowWeights } from './fitInput.ts';
import { holdOut } from './holdOut.ts';
import type { Matrix } from './matrix.ts';
import { logit, sigmoid } from './sigmoid.ts';
import { createTreeBuilder, emptyTrees, presort, type TreeArrays } from './treeBuilder.ts';
import { leafValue, sumOfTrees } from './treePredict.ts';

/** Names as in XGBoost where they differ: eta, max_depth, reg_lambda, gamma, min_child_weight, subsample, colsample_bytree. */
export interface BoostingSettings {
  readonly rounds: number;
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly lambda: number;
  readonly gamma: number;
  readonly minChildWeight: number;
  /** Share of rows drawn for each tree, without replacement. */
  readonly subsample: number;
  /** Share of columns drawn for each tree. */
  readonly columnsPerTree: number;
  /** Stop when the log loss on held-back persons has not fallen for this many rounds; 0 trains all rounds. */
  readonly earlyStoppingRounds: number;
  /** Where scores start, as a probability; null: the weighted share of insufficient rows. */
  readonly baseProbability: number | null;
  readonly classWeight: ClassWeight;
}
export const boostingDefaults: BoostingSettings = {
  rounds: 100,
  learningRate: 0.1,
  maxDepth: 3,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  columnsPerTree: 1,
  earlyStoppingRounds: 0,
  baseProbability: null,
  classWeight: 'none',
};

export interface BoostingFitted {
  readonly kind: 'boosting';
  readonly columns: number;
  /** Log-odds before the first tree. */
  readonly base: number;
  readonly trees: TreeArrays;
}

/**
 * Gradient boosting with the logistic objective and second-order trees by exact greedy search (Chen and Guestrin 2016).
 * With early stopping a fifth of the persons is held back and the trees of the best round are kept. Errors: `model-input`.
 */
export function fitBoosting(input: FitInput, settings: BoostingSettings, seed: number): BoostingFitted {
  checkFitInput(input);
  const { x, y } = input;
  const w = rowWeights(input, settings.classWeight);
  const random = seededRandom(seed, 'boosting');
  const split = settings.earlyStoppingRounds > 0 ? holdOut(input, 0.2, random) : null;
  if (split !== null) for (const row of split.held) w[row] = 0;
  let total = 0;
  let positive = 0;
  for (let i = 0; i < y.length; i++) {
    total += w[i];
    positive += w[i] * y[i];
  }
  const base = logit(settings.baseProbability ?? positive / total);
  const build = createTreeBuilder(presort(x));
  const allFeatures = Array.from({ length: x.columns }, (_, j) => j);
  const margins = new Float64Array(x.rows).fill(base);
  const g = new Float64Array(x.rows);
  const h = new Float64Array(x.rows);
  const leafValues = new Float64Array(x.rows);
  const grow = {
    ...settings,
    minLeafRows: 1,
    requiredGain: 1e-6,
    shrinkage: settings.learningRate,
    featuresPerSplit: x.columns,
    stopWhenPure: false,
  };
  const drawsRows = settings.subsample < 1;
  // Rows that a tree did not see get its value by walking it.
  const walked = drawsRows || split !== null;
  const trees = emptyTrees();
  let best = { loss: Infinity, rounds: 0 };
  for (let round = 0; round < settings.rounds; round++) {
    let seen = 0;
    for (let i = 0; i < y.length; i++) {
      const p = sigmoid(margins[i]);
      const keep = !drawsRows || random.next() < settings.subsample;
      const weight = keep ? w[i] : 0;
      g[i] = weight * (p - y[i]);
      h[i] = weight * Math.max(p * (1 - p), 1e-16);
      if (h[i] > 0) seen++;
    }
    if (seen === 0) continue;
    const count = Math.max(1, Math.floor(settings.columnsPerTree * x.columns));
    const features = Int32Array.from(
      count < x.columns
        ? shuffle(allFeatures, random)
            .slice(0, count)
            .sort((a, b) => a - b)
        : allFeatures,
    );
    build(trees, g, h, features, grow, null, leafValues);
    const root = trees.roots[trees.roots.length - 1];
    for (let i = 0; i < y.length; i++)
      margins[i] += walked ? leafValue(trees, root, x.values, i * x.columns) : leafValues[i];
    if (split === null) continue;
    let loss = 0;
    for (const i of split.held) {
      const m = y[i] === 1 ? margins[i] : -margins[i];
      loss += m > 0 ? Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m)) - m;
    }
    if (loss < best.loss) best = { loss, rounds: trees.roots.length };
    else if (trees.roots.length - best.rounds >= settings.earlyStoppingRounds) break;
  }
  return {
    kind: 'boosting',
    columns: x.columns,
    base,
    trees: split === null ? trees : firstTrees(trees, best.rounds),
  };
}

/** The first `count` trees alone. */
function firstTrees(trees: TreeArrays, count: number): TreeArrays {
  const end = count < trees.roots.length ? trees.roots[count] : trees.feature.length;
  return {
    roots: trees.roots.slice(0, count),
    feature: trees.feature.slice(0, end),
    threshold: trees.threshold.slice(0, end),
    left: trees.left.slice(0, end),
    right: trees.right.slice(0, end),
    value: trees.value.slice(0, end),
    cover: trees.cover.slice(0, end),
  };
}

/** P(insufficient) of each row. */
export function predictBoosting(fitted: BoostingFitted, x: Matrix): Float64Array {
  checkPredictInput(x, fitted.columns);
  const out = sumOfTrees(fitted.trees, x.values, x.rows, x.columns);
  for (let i = 0; i < out.length; i++) out[i] = sigmoid(fitted.base + out[i]);
  return out;
}
