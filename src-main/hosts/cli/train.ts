import { type Command, InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { EvaluationResult } from '../../../src-shared/model/assembleEvaluation.ts';
import { evaluationSummary, metricsTsv, outOfFoldTsv } from '../../../src-shared/model/evaluationReport.ts';
import { defaultEvaluation, type EvaluationSettings } from '../../../src-shared/model/evaluationSettings.ts';
import { planEvaluation, type TaskResult } from '../../../src-shared/model/evaluationTask.ts';
import { foldsTsv } from '../../../src-shared/model/evaluationFiles.ts';
import { modelCard } from '../../../src-shared/model/modelCard.ts';
import { modelCardHtml } from '../../../src-shared/model/modelCardHtml.ts';
import { withMethodFlags } from '../../../src-shared/model/learningTable.ts';
import { type ModelId, modelIds } from '../../../src-shared/model/models.ts';
import { readLearningTable } from '../../../src-shared/model/readTable.ts';
import { type FeatureGroup, groupsOf } from '../../../src-shared/predictors/featureGroups.ts';
import { predictorGroups } from '../../../src-shared/predictors/predictor.ts';
import { ablationTsv } from '../../../src-shared/model/ablation.ts';
import { loadModel, saveModel } from '../../../src-shared/model/trainedModel.ts';
import { softwareVersion } from './software.ts';
import { trainStudy } from './trainStudy.ts';
import { studyFileName } from '../../store/openStore.ts';
import { openPool } from '../../workers/pool.ts';
import type { FinalModel } from '../../workers/tasks/train.ts';

export interface TrainOptions {
  label: string[];
  /** Column of persons; a study has its own. */
  group?: string;
  tool?: string;
  item?: string;
  features?: string[];
  models: ModelId[];
  folds: number;
  repeats: number;
  seed: number;
  workers: number;
  selection: boolean;
  /** Groups of predictors beside the features; of a study. */
  with?: FeatureGroup[];
  ablation?: boolean;
  out: string;
  json?: boolean;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
const wholeFrom =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`This is a whole number from ${least} up.`);
    return value;
  };
const modelList = (text: string): ModelId[] =>
  list(text).map((name) => {
    const id = modelIds.find((known) => known === name);
    if (id === undefined) throw new InvalidArgumentError(`Models are ${modelIds.join(', ')}.`);
    return id;
  });

const groupList = (text: string): FeatureGroup[] =>
  list(text).map((name) => {
    const group = predictorGroups.find((known) => known === name);
    if (group === undefined) throw new InvalidArgumentError(`Groups are ${predictorGroups.join(', ')}.`);
    return group;
  });

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

/** Results of an earlier, interrupted run of the same plan. A cut-off last line is done again. */
async function earlierResults(path: string, plan: string): Promise<TaskResult[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const result = JSON.parse(line) as TaskResult;
      return result.plan === plan ? [result] : [];
    } catch {
      return [];
    }
  });
}

/** Trains and evaluates on a delimited table; returns what `--json` prints. Progress goes to `report`. */
export async function train(
  tablePath: string,
  options: TrainOptions,
  report: (done: number, total: number, message: string) => void,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const { group } = options;
  if (group === undefined)
    throw new AppError(
      'table-unusable',
      'Name the column of persons with --group. Without it the same person could be learned from and tested on, so nothing is trained.',
    );
  const text = await readFile(tablePath, 'utf8').catch((cause: unknown) => {
    throw new AppError('table-unusable', 'The table could not be read; check the path.', {}, { cause });
  });
  const criteria: Record<string, unknown> = {};
  const pool = openPool({ size: options.workers });
  try {
    for (const label of options.label) {
      const used = options.label.filter((other) => other !== label);
      const read = readLearningTable(text, {
        label,
        person: group,
        ...(options.tool === undefined ? {} : { tool: options.tool }),
        ...(options.item === undefined ? {} : { item: options.item }),
        ...(options.features === undefined ? {} : { features: options.features }),
      });
      // The other criterion's labels are answers, never features.
      const keep = read.table.features
        .map((_, j) => j)
        .filter((j) => !used.includes(read.table.features[j].id));
      const bare = {
        ...read.table,
        features: keep.map((j) => read.table.features[j]),
        x: {
          rows: read.table.x.rows,
          columns: keep.length,
          values: Float64Array.from(
            { length: read.table.x.rows * keep.length },
            (_, k) =>
              read.table.x.values[Math.floor(k / keep.length) * read.table.x.columns + keep[k % keep.length]],
          ),
        },
      };
      const oneTool = bare.tools !== null && new Set(bare.tools).size < 2;
      const table = oneTool ? bare : withMethodFlags(bare);
      const settings: EvaluationSettings = {
        ...defaultEvaluation,
        models: options.models,
        outerFolds: options.folds,
        repeats: options.repeats,
        seed: options.seed,
        ...(options.selection ? {} : { selection: null }),
        ...(options.ablation === true && { ablation: groupsOf(bare.features.map(({ id }) => id)) }),
      };
      const plan = planEvaluation(table, settings);
      const folder = options.label.length > 1 ? join(options.out, label) : options.out;
      await mkdir(join(folder, 'models'), { recursive: true });
      const resultsPath = join(folder, 'folds.jsonl');
      const results = await earlierResults(resultsPath, plan.id);
      const known = new Set(results.map((result) => result.id));
      await writeWhole(resultsPath, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
      let done = known.size;
      let writing = Promise.resolve();
      await Promise.all(
        plan.tasks
          .filter((task) => !known.has(task.id))
          .map(async (task) => {
            const result = (await pool.run(
              'trainFold',
              task,
              signal === undefined ? {} : { signal },
            )) as TaskResult;
            results.push(result);
            writing = writing.then(() =>
              writeFile(resultsPath, `${JSON.stringify(result)}\n`, { flag: 'a' }),
            );
            await writing;
            report(++done, plan.tasks.length, `${label}: ${task.id}`);
          }),
      );
      const evaluation = (await pool.run(
        'assembleEvaluation',
        { table, settings, results },
        signal === undefined ? {} : { signal },
      )) as EvaluationResult;
      const leftOut = read.leftOut.map(({ row, reason }) => ({ item: `row ${row}`, reason }));
      const models: Record<string, string> = {};
      for (const model of options.models) {
        const { trained, surrogate } = (await pool.run(
          'trainFinal',
          { table, model, settings, about: { criterion: label, softwareVersion: softwareVersion() } },
          signal === undefined ? {} : { signal },
        )) as FinalModel;
        loadModel(saveModel(trained));
        await writeWhole(join(folder, 'models', `${model}.json`), saveModel(trained));
        models[model] = trained.hash;
        const card = modelCard({
          ...{ name: `${model}, ${label}`, version: 1, criterion: label, variant: 'all', trained, surrogate },
          ...{ data: { table, contrasts: [], leftOut, leftOutFeatures: [] }, settings, result: evaluation },
          ...{ study: 'a table', createdAt: new Date().toISOString(), createdBy: null },
        });
        await writeWhole(join(folder, 'models', `card_${model}.json`), `${JSON.stringify(card, null, 2)}\n`);
        await writeWhole(join(folder, 'models', `card_${model}.html`), modelCardHtml(card));
      }
      await writeWhole(
        join(folder, 'evaluation.json'),
        `${JSON.stringify({ settings, leftOut: read.leftOut, ...evaluation })}\n`,
      );
      await writeWhole(join(folder, 'metrics.tsv'), metricsTsv(evaluation));
      await writeWhole(join(folder, 'folds.tsv'), foldsTsv(evaluation, table.itemIds));
      await writeWhole(join(folder, 'out-of-fold.tsv'), outOfFoldTsv(evaluation));
      if (evaluation.ablation !== undefined)
        await writeWhole(join(folder, 'ablation.tsv'), ablationTsv(evaluation.ablation));
      criteria[label] = {
        items: evaluation.items,
        persons: evaluation.persons,
        insufficient: evaluation.insufficient,
        leftOut: read.leftOut.length,
        ignoredColumns: read.ignoredColumns,
        features: table.features.map((feature) => feature.id),
        notes: evaluation.notes,
        models,
        ...(evaluation.ablation !== undefined && { ablation: evaluation.ablation }),
        evaluations: evaluation.evaluations.map(({ model, variant, tool, group, metrics, chosen }) => ({
          model,
          variant,
          tool,
          group,
          metrics,
          chosen,
        })),
        summary: evaluationSummary(evaluation),
      };
    }
  } finally {
    await pool.close();
  }
  return { out: options.out, seed: options.seed, criteria };
}

/** Adds `train TABLE` to the command line. */
export function registerTrain(program: Command): void {
  program
    .command('train')
    .argument('<table>', 'CSV or TSV with one row a defacing, or the folder of a study')
    .description('train and honestly evaluate models on a table of features and labels')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa train features.csv --label lenient --group person --out models\n  defaceqa train /data/study --label strict,lenient --out models',
    )
    .requiredOption(
      '--label <columns>',
      'label column, 1 insufficient and 0 adequate; several by commas',
      list,
    )
    .option('--group <column>', 'column that names the person; folds never split a person. Not for a study')
    .option('--tool <column>', 'column that names the defacing tool')
    .option('--item <column>', 'column that names the item')
    .option(
      '--features <columns>',
      'feature columns; otherwise all other columns with numbers. In a study: measurements, and `method` for a flag a tool',
      list,
    )
    .option(
      '--with <groups>',
      `groups of predictors to add in a study: ${predictorGroups.join(', ')}`,
      groupList,
    )
    .option('--ablation', 'also without each group of features on the same folds: what the group adds')
    .option('--models <names>', `models by commas: ${modelIds.join(', ')}`, modelList, [
      ...defaultEvaluation.models,
    ])
    .option('--folds <n>', 'outer folds', wholeFrom(2), defaultEvaluation.outerFolds)
    .option('--repeats <n>', 'repeats of the whole evaluation with other folds', wholeFrom(1), 1)
    .option('--seed <n>', 'seed of everything random', wholeFrom(0), 1)
    .option('--workers <n>', 'worker threads', wholeFrom(1), 2)
    .option('--no-selection', 'use all features instead of selecting inside the folds')
    .requiredOption('--out <folder>', 'folder for results and models; the same line again resumes')
    .option('--json', 'print the result as JSON')
    .action(async (tablePath: string, options: TrainOptions) => {
      const interrupt = new AbortController();
      const stop = (): void =>
        interrupt.abort(new AppError('cancelled', 'Stopped. The same line again resumes.'));
      process.once('SIGINT', stop);
      try {
        const onStudy = existsSync(join(tablePath, studyFileName));
        const result = await (onStudy ? trainStudy : train)(
          tablePath,
          options,
          (done, total, message) => {
            if (options.json !== true && process.stderr.isTTY)
              process.stderr.write(`\r${done}/${total} ${message}\x1b[K`);
          },
          interrupt.signal,
        );
        if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
        else
          for (const [label, entry] of Object.entries(result.criteria as Record<string, { summary: string }>))
            process.stdout.write(`\n${label}\n${entry.summary}\n`);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (options.json === true)
          process.stdout.write(
            `${JSON.stringify({ error: { code: error.code, message: error.message, facts: error.facts } })}\n`,
          );
        else process.stderr.write(`${error.message}\n`);
        process.exitCode = 1;
      } finally {
        process.removeListener('SIGINT', stop);
      }
    });
}
