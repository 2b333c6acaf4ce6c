import { AppError } from '../api/appError.ts';
import { withoutFeatures } from './ablation.ts';
import { groupIndices } from '../stats/clusterBootstrap.ts';
import { seededRandom } from '../stats/random.ts';
import { type BaselineId, baselineIds, baselineScores } from './baselines.ts';
import type { EvaluationSettings } from './evaluationSettings.ts';
import { fitPipeline, runPipeline } from './fitPipeline.ts';
import type { SelectionResult } from './featureSelection.ts';
import { checkFolds, type FoldQuality, stratifiedGroupFolds } from './groupFolds.ts';
import { blocksOf, checkLearningTable, type LearningTable, withoutMethod } from './learningTable.ts';
import { takeRows } from './matrix.ts';
import { type ModelId, models, type ModelSettings } from './models.ts';
import { permutationImportance } from './permutationImportance.ts';
import { sha256 } from './sha256.ts';

/**
 * `all`: every feature; `without-method`: no method flags; `without-group`: a group of features left out; `tool-out`: one
 * tool's items are the test set.
 */
export type Variant = 'all' | 'without-method' | 'without-group' | 'tool-out';

/** One fold of one model: plain data for a worker thread. The same task gives the same result. */
export interface EvaluationTask {
  readonly id: string;
  /** Hash of table and settings: results of another plan are not taken up again. */
  readonly plan: string;
  readonly model: ModelId | BaselineId;
  readonly variant: Variant;
  readonly repeat: number;
  readonly fold: number;
  /** The tool left out, for `tool-out`. */
  readonly tool: string | null;
  /** The group of features left out, for `without-group`. */
  readonly group?: string;
  readonly seed: number;
  readonly trainRows: readonly number[];
  readonly testRows: readonly number[];
  readonly table: LearningTable;
  readonly settings: EvaluationSettings;
}

/** What a task found, JSON as it stands. Rows are those of the table. */
export interface TaskResult {
  readonly id: string;
  readonly plan: string;
  readonly model: ModelId | BaselineId;
  readonly variant: Variant;
  readonly repeat: number;
  readonly fold: number;
  readonly tool: string | null;
  readonly group?: string;
  readonly seed: number;
  readonly trainRows: readonly number[];
  readonly testRows: readonly number[];
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
  readonly predicted: readonly number[];
  /** Ids of the features used. */
  readonly features: readonly string[];
  readonly settings: ModelSettings | null;
  readonly threshold: number | null;
  /** Inner fold of each training row, in the order of trainRows. */
  readonly innerFolds: readonly number[] | null;
  readonly grid: readonly { readonly settings: ModelSettings; readonly auroc: number }[];
  /** How the features were chosen on the training rows; null where all are used. */
  readonly selection: SelectionTrail | null;
  /** Fall of AUROC on the test fold when a used feature (or the block of flags) is shuffled. */
  readonly importance: readonly { readonly name: string; readonly fall: number }[];
}

/** The way from all features to the chosen ones, by name. */
export interface SelectionTrail {
  /** Mean fall of inner AUROC when the feature (or its block) is shuffled, and the cluster it is in. */
  readonly features: readonly {
    readonly id: string;
    readonly importance: number;
    readonly cluster: number;
  }[];
  /** The reduction: sets from the largest to the smallest with their mean inner AUROC. */
  readonly path: readonly { readonly features: readonly string[]; readonly auroc: number }[];
}

export interface EvaluationPlan {
  readonly id: string;
  readonly tasks: readonly EvaluationTask[];
  /** Quality of the outer folds of every repeat. */
  readonly folds: readonly (readonly FoldQuality[])[];
  /** What could not be planned, and why. */
  readonly notes: readonly string[];
}

/** A number below 2^32 that follows from the seed and a name. */
const derivedSeed = (seed: number, name: string): number => seededRandom(seed, name).nextUint32();

/**
 * All tasks of a nested evaluation: every model and baseline on every outer fold of every repeat, with and without
 * method flags, and each tool left out. Errors: `table-unusable`, `split-impossible`.
 */
export function planEvaluation(table: LearningTable, settings: EvaluationSettings): EvaluationPlan {
  checkLearningTable(table);
  if (!Number.isInteger(settings.outerFolds) || settings.outerFolds < 2)
    throw new AppError('split-impossible', 'Cross-validation needs at least two folds.', {});
  const { indices: persons } = groupIndices(table.persons);
  const id = sha256(
    JSON.stringify([
      table.itemIds,
      table.features,
      Array.from(table.x.values, (value) => (Number.isNaN(value) ? 'missing' : value)),
      [...table.labels],
      table.persons,
      table.tools,
      settings,
      settings.models.map((model) => models[model].version),
    ]),
  ).slice(0, 16);
  const tasks: EvaluationTask[] = [];
  const notes: string[] = [];
  const folds: FoldQuality[][] = [];
  let firstFolds: Int32Array = new Int32Array(0);
  const bare = withoutMethod(table);
  const hasMethod = bare.features.length < table.features.length;
  const rows = table.itemIds.map((_, i) => i);
  const add = (
    variant: Variant,
    used: LearningTable,
    where: {
      repeat: number;
      fold: number;
      tool: string | null;
      group?: string;
      train: number[];
      test: number[];
    },
    ids: readonly (ModelId | BaselineId)[],
  ): void => {
    for (const model of ids)
      tasks.push({
        id: `${variant}/${where.group ?? where.tool ?? ''}/${where.repeat}.${where.fold}/${model}`,
        plan: id,
        model,
        variant,
        repeat: where.repeat,
        fold: where.fold,
        tool: where.tool,
        ...(where.group !== undefined && { group: where.group }),
        // What is compared with all features is learned with the same seed.
        seed: derivedSeed(
          settings.seed,
          `${where.group === undefined ? variant : 'all'} ${where.repeat} ${where.fold} ${where.tool ?? ''}`,
        ),
        trainRows: where.train,
        testRows: where.test,
        table: used,
        settings,
      });
  };
  const ablated = (settings.ablation ?? []).flatMap(({ group, features }) => {
    const used = withoutFeatures(table, features);
    if (used === null)
      notes.push(
        `Nothing is compared without the group ${group}: all features that can tell anything are of it, or none.`,
      );
    return used === null ? [] : [{ group, used }];
  });
  const baselines = baselineIds.filter((baseline) => baseline !== 'method-only' || table.tools !== null);
  for (let repeat = 0; repeat < settings.repeats; repeat++) {
    const foldOf = stratifiedGroupFolds(
      table.labels,
      persons,
      settings.outerFolds,
      seededRandom(settings.seed, `outer ${repeat}`),
    );
    if (repeat === 0) firstFolds = foldOf;
    folds.push(checkFolds(foldOf, table.labels, persons, settings.outerFolds));
    for (let fold = 0; fold < settings.outerFolds; fold++) {
      const where = {
        repeat,
        fold,
        tool: null,
        train: rows.filter((i) => foldOf[i] !== fold),
        test: rows.filter((i) => foldOf[i] === fold),
      };
      add('all', table, where, [...settings.models, ...baselines]);
      if (settings.withoutMethod && hasMethod && bare.features.length > 0)
        add('without-method', bare, where, settings.models);
      if (repeat === 0)
        for (const { group, used } of ablated)
          add('without-group', used, { ...where, group }, settings.models);
    }
  }
  if (settings.leaveOneToolOut && table.tools !== null) {
    const tools = [...new Set(table.tools)].sort();
    if (tools.length < 2) notes.push('Leave-one-tool-out needs at least two tools.');
    else
      for (const tool of tools) {
        // Crossed with the person folds of the first repeat: a test person's other defacings are not learned from either.
        const parts = Array.from({ length: settings.outerFolds }, (_, fold) => ({
          repeat: 0,
          fold,
          tool,
          train: rows.filter((i) => firstFolds[i] !== fold && table.tools?.[i] !== tool),
          test: rows.filter((i) => firstFolds[i] === fold && table.tools?.[i] === tool),
        })).filter((part) => part.test.length > 0);
        const enough = parts.every(({ train }) =>
          [0, 1].every(
            (label) =>
              new Set(train.filter((i) => table.labels[i] === label).map((i) => persons[i])).size >= 4,
          ),
        );
        if (!enough) {
          notes.push(
            `Leaving out ${tool} was skipped: the other tools have too few persons with one of the labels.`,
          );
          continue;
        }
        // The flag of a tool never seen says nothing, so flags are left out.
        for (const part of parts)
          add('tool-out', bare.features.length > 0 ? bare : table, part, settings.models);
      }
  }
  return { id, tasks, folds, notes };
}

const isBaseline = (model: ModelId | BaselineId): model is BaselineId =>
  (baselineIds as readonly string[]).includes(model);

const trailOf = (
  { importance, clusters, path }: SelectionResult,
  { features }: LearningTable,
): SelectionTrail => ({
  features: features.map(({ id }, j) => ({ id, importance: importance[j], cluster: clusters[j] })),
  path: path.map(({ columns, auroc }) => ({ features: columns.map((j) => features[j].id), auroc })),
});

/** Does one task. Test rows are read only for scoring. */
export function runTask(task: EvaluationTask): TaskResult {
  const { table, settings, model, trainRows, testRows, seed } = task;
  const { id, plan, variant, repeat, fold, tool, group } = task;
  const left = group === undefined ? {} : { group };
  const same = { id, plan, model, variant, repeat, fold, tool, ...left, seed, trainRows, testRows };
  if (isBaseline(model)) {
    const scored = baselineScores(model, table, trainRows, testRows);
    if (scored === null)
      throw new AppError('model-input', 'This baseline needs something that the table does not have.', {
        model,
      });
    return {
      ...same,
      ...scored,
      settings: null,
      threshold: null,
      innerFolds: null,
      grid: [],
      selection: null,
      importance: [],
    };
  }
  const { pipeline, selection, grid, innerFolds } = fitPipeline(table, trainRows, model, settings, seed);
  const test = takeRows(table.x, testRows);
  const scored = runPipeline(pipeline, test);
  const testLabels = Uint8Array.from(testRows, (row) => table.labels[row]);
  const used = pipeline.columns.map((j) => table.features[j]);
  const blocks = blocksOf(used).map((block) => block.map((k) => pipeline.columns[k]));
  const falls =
    new Set(testLabels).size < 2
      ? null
      : permutationImportance((x) => runPipeline(pipeline, x).scores, test, testLabels, blocks, {
          repeats: settings.selection?.permutations ?? 5,
          random: seededRandom(seed, 'importance'),
        });
  return {
    ...same,
    scores: [...scored.scores],
    probabilities: [...scored.probabilities],
    predicted: [...scored.predicted],
    features: used.map((feature) => feature.id),
    settings: pipeline.settings,
    threshold: pipeline.threshold,
    innerFolds,
    grid,
    selection: selection === null ? null : trailOf(selection, table),
    importance:
      falls === null
        ? []
        : blocks.map((block, k) => {
            const first = table.features[block[0]];
            return { name: first.block ?? first.id, fall: falls[k] };
          }),
  };
}
