import { randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/api/appError.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { EvaluationResult, ModelEvaluation } from '../../src-shared/model/assembleEvaluation.ts';
import type { OutOfFoldItem } from '../../src-shared/model/compareModels.ts';
import { withoutMethod } from '../../src-shared/model/learningTable.ts';
import { type ModelCard, modelCard } from '../../src-shared/model/modelCard.ts';
import type { ModelId } from '../../src-shared/model/models.ts';
import { type Recipe, settingsOf } from '../../src-shared/model/presets.ts';
import type { StudyData } from '../../src-shared/model/studyTable.ts';
import { loadModel, saveModel, type TrainedModel } from '../../src-shared/model/trainedModel.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { ModelRow } from '../store/learning.ts';
import type { FinalModel, FinalModelTask } from '../workers/tasks/train.ts';
import type { Engine } from './engine.ts';
import { dataOf, missingEvaluation } from './evaluate.ts';

/** A kept model, ready to score, with what it was evaluated on. */
export interface KeptModel {
  readonly row: ModelRow;
  readonly card: ModelCard;
  readonly model: TrainedModel;
  /** Its scores of defacings it had not learned from: each once, with person and final label. */
  readonly outOfFold: readonly OutOfFoldItem[];
}

/** The model that scores new defacings under a criterion; null where none was put to use. Errors: `model-file`. */
export function modelInUse(engine: Engine, criterion: Criterion): KeptModel | null {
  const found = engine.learning.inUse(criterion);
  return found === null ? null : keptModel(engine, found.id);
}

/** A kept model by its id. Errors: `model-missing`, `model-file` where its content was changed. */
export function keptModel(engine: Engine, id: string): KeptModel {
  const row = engine.learning.model(id);
  if (row === null) throw new AppError('model-missing', 'There is no such model in this study.');
  const model = loadModel(row.content);
  const { result, data } = resultOf(engine, row.evaluationId, row.criterion);
  const own = findEvaluation(result, { model: model.pipeline.model, variant: row.variant, tool: null });
  return { row, card: JSON.parse(row.card) as ModelCard, model, outOfFold: outOfFoldOf(own, data) };
}

/** Results of one criterion of an evaluation. Errors: `evaluation-missing`, `evaluation-incomplete`. */
export function resultOf(
  engine: Engine,
  evaluationId: string,
  criterion: Criterion,
): { result: EvaluationResult; data: StudyData } {
  const part = engine.learning.part(evaluationId, criterion);
  if (part === null) throw missingEvaluation();
  if (part.result === null)
    throw new AppError('evaluation-incomplete', 'This evaluation has no results yet; let it finish first.', {
      criterion,
    });
  return { result: JSON.parse(part.result) as EvaluationResult, data: dataOf(part) };
}

export function findEvaluation(
  { evaluations }: EvaluationResult,
  wanted: Pick<ModelEvaluation, 'model' | 'variant' | 'tool'>,
): ModelEvaluation {
  const found = evaluations.find(
    ({ model, variant, tool }) =>
      model === wanted.model && variant === wanted.variant && tool === wanted.tool,
  );
  if (found === undefined)
    throw new AppError('evaluation-missing', 'This model was not part of this evaluation.', { ...wanted });
  return found;
}

/** Out-of-fold items of the first repeat, with whom and what they are of. */
export function outOfFoldOf({ outOfFold }: ModelEvaluation, data: StudyData): OutOfFoldItem[] {
  const { table, contrasts } = data;
  const rowOf = new Map(table.itemIds.map((item, i) => [item, i]));
  return outOfFold
    .filter(({ repeat }) => repeat === 0)
    .map(({ item, label, score, probability, predicted }) => {
      const i = rowOf.get(item) ?? 0;
      return {
        defacingId: item,
        person: table.persons[i],
        tool: table.tools?.[i] ?? '',
        contrast: contrasts[i],
        label: label === 1 ? 1 : 0,
        score,
        probability,
        predicted: predicted === 1 ? 1 : 0,
      };
    });
}

/** Fits a model on all items of a finished evaluation and keeps it under the next version of its criterion. */
export async function keepModel(
  engine: Engine,
  wanted: {
    evaluationId: string;
    criterion: Criterion;
    model: ModelId;
    variant: 'all' | 'without-method';
    name: string;
  },
  caller: Caller,
): Promise<ModelRow> {
  const { learning, pool, store, records, clock, software } = engine;
  const { evaluationId, criterion, variant } = wanted;
  const evaluation = learning.evaluation(evaluationId);
  if (evaluation === null) throw missingEvaluation();
  const { result, data } = resultOf(engine, evaluationId, criterion);
  findEvaluation(result, { model: wanted.model, variant, tool: null });
  const settings = settingsOf(JSON.parse(evaluation.recipe) as Recipe);
  const task: FinalModelTask = {
    table: variant === 'all' ? data.table : withoutMethod(data.table),
    model: wanted.model,
    settings,
    about: { criterion, softwareVersion: software, contrasts: data.contrasts },
  };
  const { trained, surrogate } = (await pool.run('trainFinal', task)) as FinalModel;
  const name = wanted.name.trim();
  return store.atOnce(() => {
    const createdAt = clock.now();
    const version = learning.nextVersion(criterion);
    const card = modelCard({
      name,
      version,
      criterion,
      variant,
      trained,
      data,
      settings,
      result,
      surrogate,
      study: store.studyId,
      createdAt,
      createdBy: caller.person?.name ?? null,
    });
    const row: ModelRow = {
      id: randomBytes(8).toString('hex'),
      criterion,
      version,
      name,
      evaluationId,
      variant,
      content: saveModel(trained),
      hash: trained.hash,
      card: JSON.stringify(card),
      software,
      accountId: caller.person?.id ?? null,
      createdAt,
    };
    learning.addModel(row);
    records.append({
      kind: 'model-kept',
      accountId: row.accountId,
      at: createdAt,
      body: { modelId: row.id, criterion, version, name, hash: row.hash, evaluationId },
    });
    return row;
  });
}
