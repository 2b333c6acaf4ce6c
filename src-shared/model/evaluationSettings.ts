import type { AblationGroup } from './ablation.ts';
import { type ModelId, type ModelSettings, paperModelIds } from './models.ts';

export interface SelectionSettings {
  /** Features whose |Spearman| is at least this form one cluster, of which the most important stays. */
  readonly clusterCorrelation: number;
  /** Shuffles per block and inner fold for permutation importance. */
  readonly permutations: number;
  /** The smallest set whose inner AUROC is within this of the best is taken. */
  readonly tolerance: number;
}

export interface EvaluationSettings {
  readonly models: readonly ModelId[];
  /** Candidate settings of each model; the inner folds choose. */
  readonly grids: Readonly<Partial<Record<ModelId, readonly ModelSettings[]>>>;
  readonly outerFolds: number;
  readonly innerFolds: number;
  readonly repeats: number;
  readonly seed: number;
  /** Null: all features are used. */
  readonly selection: SelectionSettings | null;
  /** `inner`: where balanced accuracy of inner out-of-fold items is highest; `half`: 0.5. */
  readonly threshold: 'inner' | 'half';
  /** Also evaluate without the method flags, and once per tool with that tool's items as the test set. */
  readonly withoutMethod: boolean;
  readonly leaveOneToolOut: boolean;
  /** Groups of features to leave out one after the other, on the same folds; absent for none. */
  readonly ablation?: readonly AblationGroup[];
  /** Draws of persons for intervals. */
  readonly bootstrapDraws: number;
}

export const defaultSelection: SelectionSettings = {
  clusterCorrelation: 0.9,
  permutations: 5,
  tolerance: 0.005,
};

/** Small grids that the sample sizes of this field can carry. */
export const defaultGrids: Readonly<Record<ModelId, readonly ModelSettings[]>> = {
  logistic: [0.01, 0.1, 1, 10].map((c) => ({ c, classWeight: 'balanced' })),
  mlp: [
    { hidden: [16], alpha: 0.01 },
    { hidden: [16], alpha: 1 },
  ].map((settings) => ({ ...settings, learningRate: 0.005, classWeight: 'balanced' })),
  forest: [1, 5].map((minLeafRows) => ({ minLeafRows, classWeight: 'balanced' })),
  boosting: [2, 3].map((maxDepth) => ({ maxDepth, rounds: 100, learningRate: 0.1, classWeight: 'balanced' })),
  cart: [2, 3].map((maxDepth) => ({ maxDepth, classWeight: 'balanced' })),
};

export const defaultEvaluation: EvaluationSettings = {
  models: paperModelIds,
  grids: defaultGrids,
  outerFolds: 5,
  innerFolds: 4,
  repeats: 1,
  seed: 1,
  selection: defaultSelection,
  threshold: 'inner',
  withoutMethod: true,
  leaveOneToolOut: true,
  bootstrapDraws: 2000,
};
