import { features } from '../features/features.ts';
import { groupsOf } from '../predictors/featureGroups.ts';
import type { Criterion } from '../rating/verdict.ts';
import { defaultEvaluation, type EvaluationSettings } from './evaluationSettings.ts';
import type { ModelId } from './models.ts';

/** What an evaluation runs: the features it starts from, the models, and how they are evaluated. Stored with its results. */
export interface Recipe {
  readonly criteria: readonly Criterion[];
  /** Measurements by id. */
  readonly features: readonly string[];
  /** A flag for each tool beside them. */
  readonly method: boolean;
  /** Features are reduced inside the folds; otherwise all are used. */
  readonly selection: boolean;
  readonly models: readonly ModelId[];
  readonly outerFolds: number;
  readonly innerFolds: number;
  readonly repeats: number;
  readonly seed: number;
  /** Also without the flags, and once with each tool left out. */
  readonly withoutMethod: boolean;
  readonly leaveOneToolOut: boolean;
  /** Also without each group of features, on the same folds. */
  readonly ablation?: boolean | undefined;
}

export const presetIds = ['paper-8', 'paper-method-free', 'paper-11', 'everything'] as const;
export type PresetId = (typeof presetIds)[number];

type Preset = Pick<Recipe, 'features' | 'method' | 'selection'>;

/** FSIM as the paper's package computes it; see the help page of `fsim_library`. */
const paperFour = ['fsim_library', 'ssim', 'head_loss_pct', 'brain_loss_pct'];

/** Sets of features to start from: those of the paper (DefaceQA 2026), and all there are. */
export const presets: Readonly<Record<PresetId, Preset>> = {
  'paper-8': { features: paperFour, method: true, selection: false },
  'paper-method-free': { features: paperFour, method: false, selection: false },
  'paper-11': {
    features: ['fsim_library', 'ssim', 'rmse', 'psnr', 'head_loss_pct', 'brain_loss_pct', 'bhr'],
    method: true,
    selection: true,
  },
  everything: { features: features.map(({ id }) => id), method: true, selection: true },
};

/** The settings of an evaluation as a recipe says them. */
export function settingsOf(recipe: Recipe): EvaluationSettings {
  const { models, outerFolds, innerFolds, repeats, seed, withoutMethod, leaveOneToolOut } = recipe;
  // Absent where it is not asked for, so that plans without it stay what they were.
  const ablation = recipe.ablation === true && { ablation: groupsOf(recipe.features) };
  return {
    ...defaultEvaluation,
    models,
    outerFolds,
    innerFolds,
    repeats,
    seed,
    withoutMethod: withoutMethod && recipe.method,
    leaveOneToolOut,
    selection: recipe.selection ? defaultEvaluation.selection : null,
    ...ablation,
  };
}
