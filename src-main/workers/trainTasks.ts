import type { EvaluationSettings } from '../../src-shared/model/evaluationSettings.ts';
import { type EvaluationTask, runTask, type TaskResult } from '../../src-shared/model/evaluationTask.ts';
import type { LearningTable } from '../../src-shared/model/learningTable.ts';
import type { ModelId } from '../../src-shared/model/models.ts';
import { type TrainedModel, trainModel } from '../../src-shared/model/trainedModel.ts';

/** Worker task: one fold of one model. */
export const trainFold = (task: EvaluationTask): TaskResult => runTask(task);

export interface FinalModelTask {
  readonly table: LearningTable;
  readonly model: ModelId;
  readonly settings: EvaluationSettings;
  readonly about: { readonly criterion: string; readonly softwareVersion: string };
}

/** Worker task: the model that is kept, on all items. */
export const trainFinal = ({ table, model, settings, about }: FinalModelTask): TrainedModel =>
  trainModel(table, model, settings, about);
