import { type CartFitted, cartDefaults, cartRules, fitCart, predictCart } from './cart.ts';
import { applyPreprocessing } from './preprocess.ts';
import type { Matrix } from './matrix.ts';
import { modelInput, predictTrained, type TrainedModel } from './trainedModel.ts';

export interface Surrogate {
  readonly tree: CartFitted;
  /** The tree as questions in the features' own units, one line a node. */
  readonly rules: readonly string[];
  /** Share of the items on which the tree and the model decide alike, 0 to 1: how far the rules may be believed. */
  readonly fidelity: number;
}

/**
 * A shallow tree that imitates a saved model's decisions on the given items, so that a person can read what the model
 * roughly does (Craven and Shavlik 1996). Null where the model decides the same for every item.
 */
export function surrogateTree(
  model: TrainedModel,
  features: readonly { readonly id: string; readonly version: number }[],
  x: Matrix,
  maxDepth = 3,
): Surrogate | null {
  const { predicted } = predictTrained(model, features, x);
  if (new Set(predicted).size < 2) return null;
  const { preprocessing } = model.pipeline;
  // Missing values are filled as the model fills them; the units stay those of the features.
  const filled = applyPreprocessing(
    { ...preprocessing, mean: preprocessing.mean.map(() => 0), scale: preprocessing.scale.map(() => 1) },
    modelInput(model, features, x),
  );
  const tree = fitCart({ x: filled, y: predicted }, { ...cartDefaults, maxDepth });
  const imitated = predictCart(tree, filled);
  let same = 0;
  for (let i = 0; i < imitated.length; i++) same += (imitated[i] >= 0.5 ? 1 : 0) === predicted[i] ? 1 : 0;
  return {
    tree,
    rules: cartRules(
      tree,
      model.features.map((feature) => feature.id),
    ),
    fidelity: same / imitated.length,
  };
}
