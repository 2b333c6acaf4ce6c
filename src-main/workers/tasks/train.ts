import {
  assembleEvaluation as assemble,
  type EvaluationResult,
} from '../../../src-shared/model/assembleEvaluation.ts';
import type { EvaluationSettings } from '../../../src-shared/model/evaluationSettings.ts';
import {
  type EvaluationTask,
  planEvaluation,
  runTask,
  type TaskResult,
} from '../../../src-shared/model/evaluationTask.ts';
import type { LearningTable } from '../../../src-shared/model/learningTable.ts';
import type { ModelId } from '../../../src-shared/model/models.ts';
import { surrogateTree } from '../../../src-shared/model/surrogate.ts';
import { type TrainedModel, trainModel } from '../../../src-shared/model/trainedModel.ts';

/** One fold of one model. */
export const trainFold = (task: EvaluationTask): TaskResult => runTask(task);

export interface AssembleTask {
  readonly table: LearningTable;
  readonly settings: EvaluationSettings;
  readonly results: readonly TaskResult[];
}

/** All folds together: metrics, curves, intervals. */
export const assembleEvaluation = ({ table, settings, results }: AssembleTask): EvaluationResult =>
  assemble(table, planEvaluation(table, settings), results);

export interface FinalModelTask {
  readonly table: LearningTable;
  readonly model: ModelId;
  readonly settings: EvaluationSettings;
  readonly about: {
    readonly criterion: string;
    readonly softwareVersion: string;
    readonly contrasts?: readonly string[];
  };
}

export interface FinalModel {
  readonly trained: TrainedModel;
  /** Null where the model decides the same for every item. */
  readonly surrogate: { readonly rules: readonly string[]; readonly fidelity: number } | null;
}

/** The model that is kept, on all items, and a shallow tree that imitates it. */
export function trainFinal({ table, model, settings, about }: FinalModelTask): FinalModel {
  const trained = trainModel(table, model, settings, about);
  const imitation = surrogateTree(trained, table.features, table.x);
  return {
    trained,
    surrogate: imitation === null ? null : { rules: imitation.rules, fidelity: imitation.fidelity },
  };
}
