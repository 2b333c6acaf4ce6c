import { seededRandom } from '../stats/random.ts';
import { checkFitInput, checkPredictInput, type ClassWeight, type FitInput, rowWeights } from './fitInput.ts';
import type { Matrix } from './matrix.ts';
import { createTreeBuilder, emptyTrees, presort, type TreeArrays } from './treeBuilder.ts';
import { sumOfTrees } from './treePredict.ts';

export interface ForestSettings {
  readonly trees: number;
  readonly maxDepth: number;
  readonly minLeafRows: number;
  /** Features considered at each split: their number, or the square root of all (rounded down, at least 1). */
  readonly featuresPerSplit: number | 'sqrt';
  readonly classWeight: ClassWeight;
}
export const forestDefaults: ForestSettings = {
  trees: 100,
  maxDepth: 30,
  minLeafRows: 1,
  featuresPerSplit: 'sqrt',
  classWeight: 'none',
};

export interface ForestFitted {
  readonly kind: 'forest';
  readonly columns: number;
  readonly trees: TreeArrays;
}

/** Random forest of Gini trees on bootstrap samples, scores averaged over trees (Breiman 2001). Errors: `model-input`. */
export function fitForest(input: FitInput, settings: ForestSettings, seed: number): ForestFitted {
  checkFitInput(input);
  const { x, y } = input;
  const w = rowWeights(input, settings.classWeight);
  const data = presort(x);
  const build = createTreeBuilder(data);
  const features = Int32Array.from({ length: x.columns }, (_, j) => j);
  const grow = {
    maxDepth: settings.maxDepth,
    lambda: 0,
    gamma: 0,
    minChildWeight: 0,
    minLeafRows: settings.minLeafRows,
    requiredGain: -1e-9,
    shrinkage: 1,
    featuresPerSplit:
      settings.featuresPerSplit === 'sqrt'
        ? Math.max(1, Math.floor(Math.sqrt(x.columns)))
        : settings.featuresPerSplit,
    stopWhenPure: true,
  };
  const trees = emptyTrees();
  const counts = new Float64Array(x.rows);
  const g = new Float64Array(x.rows);
  const h = new Float64Array(x.rows);
  for (let t = 0; t < settings.trees; t++) {
    const random = seededRandom(seed, `tree ${t}`);
    let total = 0;
    // Nothing but rows of weight 0 can be drawn in a tiny table: draw again.
    for (let attempt = 0; total === 0 && attempt < 1000; attempt++) {
      counts.fill(0);
      for (let i = 0; i < x.rows; i++) counts[random.integer(x.rows)]++;
      total = 0;
      for (let i = 0; i < x.rows; i++) {
        h[i] = counts[i] * w[i];
        g[i] = y[i] === 1 ? -h[i] : 0;
        total += h[i];
      }
    }
    build(trees, g, h, features, grow, random);
  }
  return { kind: 'forest', columns: x.columns, trees };
}

/** P(insufficient) of each row: the mean class share of the leaves it falls into. */
export function predictForest(fitted: ForestFitted, x: Matrix): Float64Array {
  checkPredictInput(x, fitted.columns);
  const out = sumOfTrees(fitted.trees, x.values, x.rows, x.columns);
  for (let i = 0; i < out.length; i++) out[i] /= fitted.trees.roots.length;
  return out;
}
