import { AppError } from '../api/appError.ts';
import { applyPreprocessing } from './preprocess.ts';
import type { Matrix } from './matrix.ts';
import { models } from './models.ts';
import { modelInput, type TrainedModel } from './trainedModel.ts';
import { treeShap } from './treeShap.ts';

export interface Explanation {
  /** `exact`: adds up by definition; `shap`: exact TreeSHAP; `replacement`: one feature at a time set to its mean. */
  readonly method: 'exact' | 'shap' | 'replacement';
  /** Contributions are log-odds (logistic, boosting, mlp) or probability (forest, cart) of the raw score. */
  readonly unit: 'log-odds' | 'probability';
  /** Output for an average item. For exact and shap: base plus all contributions is the item's output. */
  readonly base: number;
  readonly output: number;
  /** Strongest first; positive pushes towards insufficient. */
  readonly contributions: readonly {
    readonly feature: string;
    readonly value: number;
    readonly contribution: number;
  }[];
}

const logOdds = (p: number): number => Math.log(Math.max(p, 1e-15) / Math.max(1 - p, 1e-15));

/** Why a saved model scores one item as it does. `x` holds one row with the given features. */
export function explain(
  model: TrainedModel,
  features: readonly { readonly id: string; readonly version: number }[],
  x: Matrix,
): Explanation {
  if (x.rows !== 1)
    throw new AppError('model-input', 'An explanation is for one item at a time.', { rows: x.rows });
  const raw = modelInput(model, features, x);
  const { preprocessing, fitted } = model.pipeline;
  const ready = applyPreprocessing(preprocessing, raw);
  const row = ready.values;
  const kind = models[model.pipeline.model];
  let contributions: ArrayLike<number>;
  let base: number;
  let output: number;
  let method: Explanation['method'] = 'shap';
  let unit: Explanation['unit'] = 'log-odds';
  if (fitted.kind === 'logistic') {
    method = 'exact';
    // Scaled features are 0 on average, so the intercept is the average item.
    contributions = fitted.coefficients.map((b, j) => b * row[j]);
    base = fitted.intercept;
    output = contributions.length === 0 ? base : Array.from(contributions).reduce((sum, c) => sum + c, base);
  } else if (fitted.kind === 'mlp') {
    method = 'replacement';
    const outputOf = (values: Float64Array): number => logOdds(kind.predict(fitted, { ...ready, values })[0]);
    base = outputOf(new Float64Array(row.length));
    output = outputOf(row);
    contributions = Array.from(row, (_, j) => {
      const values = row.slice();
      values[j] = 0;
      return output - outputOf(values);
    });
  } else {
    const shap = treeShap(fitted.trees, row);
    const scale = fitted.kind === 'boosting' ? 1 : 1 / fitted.trees.roots.length;
    unit = fitted.kind === 'boosting' ? 'log-odds' : 'probability';
    contributions = shap.contributions.map((c) => c * scale);
    base = shap.base * scale + (fitted.kind === 'boosting' ? fitted.base : 0);
    output = Array.from(contributions).reduce((sum, c) => sum + c, base);
  }
  return {
    method,
    unit,
    base,
    output,
    contributions: model.features
      .map(({ id }, j) => ({ feature: id, value: raw.values[j], contribution: contributions[j] }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}
