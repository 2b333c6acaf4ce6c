import { AppError } from '../api/appError.ts';
import { boostingDefaults, type BoostingFitted, fitBoosting, predictBoosting } from './boosting.ts';
import { cartDefaults, type CartFitted, fitCart, predictCart } from './cart.ts';
import { fitForest, type ForestFitted, forestDefaults, predictForest } from './forest.ts';
import type { FitInput } from './fitInput.ts';
import { fitLogistic, logisticDefaults, type LogisticFitted, predictLogistic } from './logistic.ts';
import type { Matrix } from './matrix.ts';
import { fitMlp, mlpDefaults, type MlpFitted, predictMlp } from './mlp.ts';

export const modelIds = ['logistic', 'mlp', 'forest', 'boosting', 'cart'] as const;
export type ModelId = (typeof modelIds)[number];

/** The four models of the paper; the tree is the readable baseline beside them. */
export const paperModelIds: readonly ModelId[] = ['logistic', 'mlp', 'forest', 'boosting'];

export type Fitted = LogisticFitted | MlpFitted | ForestFitted | BoostingFitted | CartFitted;
export type SettingValue = number | string | boolean | null | readonly number[];
/** Settings of a model by name; what is left out has the model's default. */
export type ModelSettings = Readonly<Record<string, SettingValue>>;

export interface ModelKind {
  readonly id: ModelId;
  readonly title: string;
  /** Raised when the same settings and seed give another model. */
  readonly version: number;
  readonly defaults: ModelSettings;
  fit(input: FitInput, settings: ModelSettings, seed: number): Fitted;
  predict(fitted: Fitted, x: Matrix): Float64Array;
}

function define<S extends object, F extends Fitted>(
  id: F['kind'],
  title: string,
  version: number,
  defaults: S,
  fit: (input: FitInput, settings: S, seed: number) => F,
  predict: (fitted: F, x: Matrix) => Float64Array,
): ModelKind {
  const known = defaults as unknown as ModelSettings;
  return {
    id,
    title,
    version,
    defaults: known,
    fit(input, settings, seed) {
      const unknown = Object.keys(settings).filter((name) => !(name in known));
      if (unknown.length > 0)
        throw new AppError('model-settings', `${title} has no setting ${unknown.join(', ')}.`, { unknown });
      return fit(input, { ...defaults, ...settings }, seed);
    },
    predict(fitted, x) {
      if (fitted.kind !== id) throw new AppError('model-input', `This is not a model of the kind ${title}.`);
      return predict(fitted as F, x);
    },
  };
}

/** Every model there is. */
export const models: Readonly<Record<ModelId, ModelKind>> = {
  logistic: define('logistic', 'Logistic regression', 1, logisticDefaults, fitLogistic, predictLogistic),
  mlp: define('mlp', 'Multilayer perceptron', 1, mlpDefaults, fitMlp, predictMlp),
  forest: define('forest', 'Random forest', 1, forestDefaults, fitForest, predictForest),
  boosting: define('boosting', 'Gradient boosting', 1, boostingDefaults, fitBoosting, predictBoosting),
  cart: define('cart', 'Decision tree', 1, cartDefaults, fitCart, predictCart),
};
