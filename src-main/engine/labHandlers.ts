import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type {
  EvaluationSummary,
  EvaluationView,
  FoldRow,
  labCalls,
  ModelSummary,
  ScoreRow,
} from '../../src-shared/api/labCalls.ts';
import { compareModels } from '../../src-shared/model/compareModels.ts';
import { evaluationFiles } from '../../src-shared/model/evaluationFiles.ts';
import type { TaskResult } from '../../src-shared/model/evaluationTask.ts';
import { explainInWords } from '../../src-shared/model/explainInWords.ts';
import { metricsOf } from '../../src-shared/model/metrics.ts';
import type { ModelCard } from '../../src-shared/model/modelCard.ts';
import { modelCardHtml } from '../../src-shared/model/modelCardHtml.ts';
import type { Recipe } from '../../src-shared/model/presets.ts';
import { explainDefacing, scoreDefacing } from '../../src-shared/model/scoreDefacing.ts';
import type { StoredData } from '../../src-shared/model/storedData.ts';
import { storeData } from '../../src-shared/model/storedData.ts';
import { whatGoesIn } from '../../src-shared/model/whatGoesIn.ts';
import type { EvaluationRow, ModelRow } from '../store/learning.ts';
import type { Engine } from './engine.ts';
import { missingEvaluation, refusalOf, resumeEvaluation, startEvaluation, studyData } from './evaluate.ts';
import { findEvaluation, keepModel, keptModel, outOfFoldOf, resultOf } from './keptModels.ts';
import { studyItems } from './studyItems.ts';

/** Evaluations of models, and the models that were kept. */
export function labHandlers(engine: Engine): HandlersOf<typeof labCalls> {
  const { learning, jobRows, store, records, clock, scans } = engine;

  function summaryOf({ id, recipe, jobId, startedAt, software }: EvaluationRow): EvaluationSummary {
    const parts = learning.parts(id);
    const running = jobRows.list().some((job) => job.id === jobId && job.state === 'running');
    const complete = parts.every(({ refusal, result }) => refusal !== null || result !== null);
    return {
      id,
      recipe: JSON.parse(recipe) as Recipe,
      startedAt,
      state: running ? 'running' : complete ? 'done' : 'stopped',
      jobId,
      software,
      parts: parts.map((part) => {
        const { labels, persons } = JSON.parse(part.data) as StoredData;
        return {
          criterion: part.criterion,
          done: learning.foldCount(id, part.criterion),
          steps: part.steps,
          items: labels.length,
          persons: new Set(persons).size,
          insufficient: labels.reduce((sum, label) => sum + label, 0),
          refusal: part.refusal === null ? null : refusalOf(part),
        };
      }),
    };
  }

  function modelSummary(row: ModelRow): ModelSummary {
    const card = JSON.parse(row.card) as ModelCard;
    const { balancedAccuracy, auroc, sensitivity, specificity, brier } = card.evaluation.metrics;
    return {
      id: row.id,
      criterion: row.criterion,
      version: row.version,
      name: row.name,
      kind: card.kind.id,
      variant: row.variant,
      evaluationId: row.evaluationId,
      features: card.features.map((feature) => feature.id),
      items: card.data.items,
      persons: card.data.persons,
      balancedAccuracy,
      auroc,
      sensitivity,
      specificity,
      brier,
      hash: row.hash,
      createdAt: row.createdAt,
      createdBy: card.createdBy,
      inUse: learning.inUse(row.criterion)?.id === row.id,
    };
  }

  return {
    'lab.whatGoesIn': ({ criterion, features, method, outerFolds, seed }) =>
      whatGoesIn(studyData(engine, criterion, { features, method }), { folds: outerFolds, seed }),
    'evaluations.start': (recipe, caller) => startEvaluation(engine, recipe, caller),
    'evaluations.resume': ({ evaluationId }) => resumeEvaluation(engine, evaluationId),
    'evaluations.list': () => learning.evaluations().map(summaryOf),
    'evaluations.folds': ({ evaluationId, criterion }): FoldRow[] => {
      const part = learning.part(evaluationId, criterion);
      if (part === null) throw missingEvaluation();
      const { labels, persons } = JSON.parse(part.data) as StoredData;
      return learning.folds(evaluationId, criterion).map((text) => {
        const fold = JSON.parse(text) as TaskResult;
        const { id, model, variant, tool, group, repeat, seed, features, settings, threshold, selection } =
          fold;
        return {
          ...{
            id,
            model,
            variant,
            tool,
            ...(group !== undefined && { group }),
            repeat,
            fold: fold.fold,
            seed,
          },
          ...{ features, settings, threshold, selection },
          trainItems: fold.trainRows.length,
          testItems: fold.testRows.length,
          testPersons: new Set(fold.testRows.map((row) => persons[row])).size,
          metrics: metricsOf({ ...fold, labels: fold.testRows.map((row) => labels[row]) }),
        };
      });
    },
    'evaluations.result': ({ evaluationId, criterion }): EvaluationView | null => {
      const row = learning.evaluation(evaluationId);
      const part = learning.part(evaluationId, criterion);
      if (row === null || part === null) throw missingEvaluation();
      if (part.result === null) return null;
      const { result } = resultOf(engine, evaluationId, criterion);
      const now = storeData(studyData(engine, criterion, JSON.parse(row.recipe) as Recipe));
      return {
        ...result,
        evaluations: result.evaluations.map((each) => ({ ...each, outOfFold: [], folds: [] })),
        outdated: JSON.stringify(now) !== part.data,
      };
    },
    'evaluations.items': ({ evaluationId, criterion, model, variant, tool, cell }) => {
      const { result, data } = resultOf(engine, evaluationId, criterion);
      const items = outOfFoldOf(findEvaluation(result, { model, variant, tool }), data);
      return cell === undefined
        ? items
        : items.filter(({ label, predicted }) => label === cell.label && predicted === cell.predicted);
    },
    'evaluations.export': ({ evaluationId }) => {
      const row = learning.evaluation(evaluationId);
      if (row === null) throw missingEvaluation();
      return {
        files: learning.parts(evaluationId).flatMap((part) =>
          part.result === null
            ? []
            : evaluationFiles(part.criterion, JSON.parse(row.recipe) as Recipe, {
                ...resultOf(engine, evaluationId, part.criterion),
              }),
        ),
      };
    },
    'evaluations.remove': ({ evaluationId }, caller) => {
      const row = learning.evaluation(evaluationId);
      if (row === null) throw missingEvaluation();
      if (learning.hasModels(evaluationId))
        throw new AppError(
          'evaluation-kept',
          'A model was kept from this evaluation, so its figures have to stay.',
        );
      if (summaryOf(row).state === 'running')
        throw new AppError('job-running', 'This evaluation is running. Stop it before it is removed.');
      store.atOnce(() => {
        learning.dropEvaluation(evaluationId);
        records.append({
          kind: 'evaluation-removed',
          accountId: caller.person?.id ?? null,
          at: clock.now(),
          body: { evaluationId },
        });
      });
      return null;
    },
    'models.keep': async (wanted, caller) => modelSummary(await keepModel(engine, wanted, caller)),
    'models.list': () => learning.models().map(modelSummary),
    'models.use': ({ modelId, use }, caller) => {
      const { row } = keptModel(engine, modelId);
      store.atOnce(() => {
        const at = clock.now();
        if (use) learning.setInUse(row.criterion, row.id, at);
        else if (learning.inUse(row.criterion)?.id === row.id) learning.clearInUse(row.criterion);
        records.append({
          kind: 'model-in-use',
          accountId: caller.person?.id ?? null,
          at,
          body: { modelId, criterion: row.criterion, version: row.version, hash: row.hash, use },
        });
      });
      return null;
    },
    'models.card': ({ modelId }) => {
      const { card, row } = keptModel(engine, modelId);
      return {
        card,
        html: modelCardHtml(card),
        file: { name: `model_${row.criterion}_v${row.version}.json`, text: row.content },
      };
    },
    'models.scores': ({ modelId }): ScoreRow[] => {
      const { model, row } = keptModel(engine, modelId);
      return studyItems(engine, row.criterion).flatMap((item): ScoreRow[] => {
        const defacing = engine.derived.defacingById(item.defacingId);
        const scan = defacing === null ? null : scans.byId(defacing.scanId);
        if (scan === null || item.features.length === 0) return [];
        const common = {
          ...{ defacingId: item.defacingId, scanId: scan.id, scan: scan.name },
          ...{ tool: item.tool, label: item.label },
        };
        try {
          const { probability, predicted, outside } = scoreDefacing(model, item);
          return [{ ...common, probability, predicted, outside, problem: null }];
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          return [{ ...common, probability: null, predicted: null, outside: null, problem: error.message }];
        }
      });
    },
    'models.explain': ({ modelId, defacingId }) => {
      const { model, row } = keptModel(engine, modelId);
      const item = studyItems(engine, row.criterion).find((each) => each.defacingId === defacingId);
      if (item === undefined || item.features.length === 0)
        throw new AppError(
          'defacing-unmeasured',
          'There is no measured defacing of this name in the study. Run the batch first.',
        );
      const { probability, predicted, outside } = scoreDefacing(model, item);
      const explanation = explainDefacing(model, item);
      const { threshold } = model.pipeline;
      const sentences = explainInWords(explanation, {
        probability,
        threshold,
        criterion: row.criterion,
        outside,
      });
      return { explanation, probability, threshold, predicted, outside, sentences };
    },
    'models.compare': ({ first, second }) => {
      const a = keptModel(engine, first);
      const b = keptModel(engine, second);
      if (a.row.criterion !== b.row.criterion)
        throw new AppError(
          'models-differ',
          'Models of two criteria answer two questions; compare models of one.',
        );
      return compareModels(a.outOfFold, b.outOfFold, { draws: 2000, seed: 1 });
    },
  };
}
