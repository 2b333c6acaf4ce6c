import { type Command, InvalidArgumentError } from 'commander';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import { benchmarkOfSize, type BenchmarkSettings } from '../../../src-shared/benchmark/benchmarkPlan.ts';
import {
  borderlineSets,
  labelledSingles,
  scoreLabelled,
  type ScoredModel,
} from '../../../src-shared/benchmark/labelledScores.ts';
import { features as measurements } from '../../../src-shared/features/features.ts';
import { modelIds, paperModelIds, type ModelId } from '../../../src-shared/model/models.ts';
import { loadModel } from '../../../src-shared/model/trainedModel.ts';
import { criteria, type Criterion } from '../../../src-shared/rating/verdict.ts';
import { benchmarkHtml } from '../../../src-shared/report/benchmarkHtml.ts';
import {
  benchmarkTsvs,
  labelledScoresTsv,
  labelledSummary,
  studySummary,
} from '../../../src-shared/report/benchmarkTables.ts';
import { benchmarkStudy } from '../../engine/benchmarkStudy.ts';
import { measureLabelled } from '../../engine/measureLabelled.ts';
import { readRemovalTable } from '../../files/readRemovalTable.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { openPool } from '../../workers/pool.ts';
import { interruptible } from './interruptible.ts';
import { softwareVersion } from './software.ts';
import { bar, progressLine, show, type OutputOptions } from './terminal.ts';

interface StudyOptions extends OutputOptions {
  readonly seed: number;
  readonly out: string;
  readonly scans: number;
  readonly coarser: number;
  readonly workers: number;
  readonly models: readonly ModelId[];
  readonly labels?: string;
  readonly heads?: string;
}

interface ScoreOptions extends OutputOptions {
  readonly model: readonly string[];
  readonly out?: string;
  readonly heads?: string;
  readonly workers: number;
}

async function benchStudy(options: StudyOptions): Promise<void> {
  await interruptible(options, async (signal) => {
    const labelled =
      options.labels === undefined
        ? null
        : { table: basename(options.labels), rows: await readRemovalTable(options.labels, options.heads) };
    const settings: BenchmarkSettings = benchmarkOfSize(options.seed, options.scans, options.coarser);
    const line = progressLine(options.json !== true);
    const pool = openPool({ size: options.workers });
    try {
      const result = await benchmarkStudy(
        { settings, models: options.models, labelled, softwareVersion: softwareVersion() },
        {
          pool,
          folder: options.out,
          report: (done, total, message) => line.draw(`${message.padEnd(24)} ${bar(done, total)}`),
          signal,
        },
      );
      line.clear();
      await writeFileWhole(join(options.out, 'report.json'), `${JSON.stringify(result, null, 1)}\n`);
      await writeFileWhole(join(options.out, 'report.html'), benchmarkHtml(result));
      for (const [name, text] of Object.entries(benchmarkTsvs(result)))
        await writeFileWhole(join(options.out, name), text);
      show(options, result, () => `${studySummary(result)}\n\nReport: ${join(options.out, 'report.html')}`);
    } finally {
      line.clear();
      await pool.close();
    }
  });
}

async function scoreLabels(tablePath: string, options: ScoreOptions): Promise<void> {
  await interruptible(options, async (signal) => {
    const models = await Promise.all(
      options.model.map(async (path) => ({
        name: basename(path).replace(/\.json$/, ''),
        model: loadModel(await readModel(path)),
      })),
    );
    const rows = await readRemovalTable(tablePath, options.heads);
    const line = progressLine(options.json !== true);
    const pool = openPool({ size: options.workers });
    try {
      const folder = options.out ?? join('.', 'scored-labels');
      await mkdir(folder, { recursive: true });
      const measured = await measureLabelled(rows, {
        pool,
        folder,
        report: (done, total, message) => line.draw(`${message.padEnd(24)} ${bar(done, total)}`),
        signal,
      });
      line.clear();
      const scored: ScoredModel[] = models.map(({ name, model }) =>
        scoreLabelled(measured.items, measurements, {
          name,
          model,
          criterion: criterionOf(model.criterion, name),
        }),
      );
      const singles = criteria.flatMap((criterion) =>
        borderlineSets.map((set) => labelledSingles(measured.items, measurements, criterion, set)),
      );
      const result = { table: basename(tablePath), ...measured, models: scored, singles, shift: [] };
      await writeFileWhole(join(folder, 'scores.json'), `${JSON.stringify(result, null, 1)}\n`);
      await writeFileWhole(join(folder, 'scores.tsv'), labelledScoresTsv(result));
      show(options, result, () => `${labelledSummary(result)}\n\nRow by row: ${join(folder, 'scores.tsv')}`);
    } finally {
      line.clear();
      await pool.close();
    }
  });
}

const readModel = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError(
      'model-file',
      'A model file could not be read; check its path.',
      { file: basename(path) },
      { cause },
    );
  });

function criterionOf(name: string, model: string): Criterion {
  const found = criteria.find((criterion) => criterion === name);
  if (found !== undefined) return found;
  throw new AppError(
    'model-file',
    'This model predicts neither the strict nor the lenient label, so verdicts cannot be held against it.',
    { model, criterion: name },
  );
}

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`A whole number from ${least} on.`);
    return value;
  };
const modelList = (text: string): ModelId[] =>
  text.split(',').map((name) => {
    const id = modelIds.find((known) => known === name.trim());
    if (id === undefined) throw new InvalidArgumentError(`Models are ${modelIds.join(', ')}.`);
    return id;
  });
const factor = (text: string): number => {
  const value = Number(text);
  if (!(value >= 1 && value <= 3)) throw new InvalidArgumentError('1 to 3.');
  return value;
};

/** Adds `bench-study` and `score-labels` to the command line. */
export function registerBenchmark(program: Command): void {
  program
    .command('bench-study')
    .description(
      'Invented heads, defaced well and badly with known truth; models trained and evaluated on them. Stop it with Ctrl-C; the same line goes on.',
    )
    .addHelpText('after', '\nExample:\n  defaceqa bench-study --seed 1 --out benchmark')
    .requiredOption('--seed <n>', 'the whole study follows from it', whole(0))
    .requiredOption('--out <folder>', 'where everything goes')
    .option('--scans <n>', 'size; people and contrasts in proportion', whole(8), 200)
    .option('--coarser <factor>', 'larger voxels for a quick look', factor, 1)
    .option('--models <names>', `models by commas: ${modelIds.join(', ')}`, modelList, [...paperModelIds])
    .option('--workers <n>', 'threads', whole(1), 2)
    .option('--labels <table>', 'also score the models on a table of removal masks judged by eye')
    .option('--heads <folder>', 'where the heads of that table lie (default: heads beside it)')
    .option('--json', 'print the result as JSON')
    .action(benchStudy);
  program
    .command('score-labels')
    .argument('<table>', 'TSV or CSV with columns head, mask, verdict and, where known, borderline')
    .description('scores saved models on removal masks that were judged by eye; nothing is fitted')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa score-labels labels.tsv --model benchmark/models/lenient_paper-8_method-free_forest.json',
    )
    .requiredOption('--model <files...>', 'model files')
    .option('--heads <folder>', 'where the heads lie (default: heads beside the table)')
    .option('--out <folder>', 'where measurements and scores go (default: scored-labels here)')
    .option('--workers <n>', 'threads', whole(1), 2)
    .option('--json', 'print the result as JSON')
    .action(scoreLabels);
}
