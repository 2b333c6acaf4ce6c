import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { TriageModelRow, TriageRow, TriageRun } from '../../../src-shared/api/triageCalls.ts';
import { tsv } from '../../../src-shared/report/tsv.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { interruptible } from './interruptible.ts';
import { show, table, type OutputOptions } from './terminal.ts';
import { withEngine, type Opened } from './withEngine.ts';

interface TriageOptions extends OutputOptions {
  readonly study?: string;
  readonly originals?: string;
  readonly defaced?: string;
  readonly label: string;
  readonly model?: string;
  readonly criterion: 'strict' | 'lenient';
  readonly risk: number;
  readonly confidence: number;
  readonly audit: number;
  readonly seed: number;
  readonly workers?: number;
  readonly out?: string;
}

const between =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!(value >= low && value <= high)) throw new InvalidArgumentError(`A number from ${low} to ${high}.`);
    return value;
  };

/** Adds `triage`: decisions under a stated risk, on a study or on folders of originals and defaced files. */
export function registerTriage(program: Command): void {
  program
    .command('triage')
    .description('Decides under a stated risk which defacings pass, fail or need a look.')
    .option('--study <folder>', 'the study; with --originals defacings made elsewhere join it')
    .option('--originals <folder>', 'originals of defacings made elsewhere')
    .option('--defaced <folder>', 'defaced files, matched by name, subject or grid')
    .option('--label <text>', 'who made them', 'elsewhere')
    .option(
      '--model <file-or-id>',
      'a model file, or the id of a model of the study (default: the one in use)',
    )
    .option('--criterion <which>', 'criterion of the model in use', 'lenient')
    .option(
      '--risk <share>',
      'largest share of insufficient defacings that may be passed',
      between(0.001, 0.5),
      0.05,
    )
    .option('--confidence <share>', 'confidence of that', between(0.5, 0.999), 0.95)
    .option(
      '--audit <share>',
      'share of the passed ones that people look at all the same',
      between(0, 1),
      0.05,
    )
    .option('--seed <n>', 'seed of draws', between(0, 2 ** 32 - 1), 1)
    .option('--workers <n>', 'threads (default: one per core)', between(1, 256))
    .option('--out <file>', 'also write the decisions as a table')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa triage --originals /data/heads --defaced /data/shared --model model.json\n  defaceqa triage --study /data/study --risk 0.05 --confidence 0.95',
    ) // prettier-ignore
    .action((options: TriageOptions) => interruptible(options, (signal) => triage(options, signal)));
}

async function triage(options: TriageOptions, signal: AbortSignal): Promise<void> {
  if (options.study === undefined && (options.originals === undefined || options.defaced === undefined)) {
    throw new AppError('triage-what', 'Say what to decide on: --study, or --originals with --defaced.');
  }
  // Without a study of its own what is worked out, faces included, is gone at the end.
  const passing = options.study === undefined ? await mkdtemp(join(tmpdir(), 'defaceqa-triage-')) : null;
  try {
    const studyFolder = options.study ?? passing ?? '';
    await withEngine({ studyFolder, workers: options.workers }, async (opened) => {
      const { api } = opened;
      if (options.originals !== undefined && options.defaced !== undefined)
        await take(opened, options, signal);
      const model = await chosenModel(opened, options);
      const run = await api['triage.start']({
        modelId: model.id,
        alpha: options.risk,
        delta: Number((1 - options.confidence).toFixed(6)),
        auditShare: options.audit,
        seed: options.seed,
      });
      const items = await api['triage.items']({ runId: run.id });
      const unmatched = await api['scans.passedOver']({});
      if (options.out !== undefined) await writeFileWhole(options.out, decisionsTsv(items));
      show(options, { run, items, passedOver: unmatched }, () => inWords(run, items));
    });
  } finally {
    if (passing !== null) await rm(passing, { recursive: true, force: true });
  }
}

async function take({ api }: Opened, options: TriageOptions, signal: AbortSignal): Promise<void> {
  const { jobId } = await api['triage.takeGiven']({
    originals: options.originals ?? '',
    defaced: options.defaced ?? '',
    label: options.label,
  });
  const stop = (): void => void api['jobs.cancel']({ jobId });
  signal.addEventListener('abort', stop, { once: true });
  const job = await api['jobs.wait']({ jobId });
  signal.throwIfAborted();
  if (job.error !== null) throw new AppError(job.error.code, job.error.message);
}

async function chosenModel({ api }: Opened, options: TriageOptions): Promise<TriageModelRow> {
  const models = await api['triage.models']({});
  if (options.model === undefined) {
    const found = models.find(({ criterion, inUse }) => inUse && criterion === options.criterion);
    if (found !== undefined) return found;
    throw new AppError('model-missing', 'No model is in use under this criterion. Name one with --model.');
  }
  return models.find(({ id }) => id === options.model) ?? api['triage.addModel']({ path: options.model });
}

const decisionsTsv = (items: readonly TriageRow[]): string =>
  tsv(
    ['scan', 'person', 'tool', 'contrast', 'probability', 'decision', 'audit', 'place', 'reasons'],
    items.map(({ scan, person, tool, contrast, probability, decision, audit, place, reasons }) => [
      ...[scan, person, tool, contrast, probability, decision],
      ...[audit ? 'yes' : 'no', place, reasons.join(' ')],
    ]),
  );

function inWords(run: TriageRun, items: readonly TriageRow[]): string {
  const queue = items.filter(({ place }) => place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  const { pass, fail, review, hold } = run.counts;
  const { rates } = run.statement;
  const counted = ({ k, n, bound }: { k: number; n: number; bound: number }): string =>
    n === 0
      ? '0 of 0'
      : `${k} of ${n} (${((100 * k) / n).toFixed(1)} %, at most ${(100 * bound).toFixed(1)} %)`;
  return [
    run.sentence,
    `\nPassed ${pass}, failed ${fail}, to review ${review}, held ${hold}: ${run.decided.k} of ${run.decided.n} decided without a person; ${run.audited} of the passed are audited.`,
    `On the defacings the model was tested on: coverage ${counted(rates.coverage)}, missed ${counted(rates.missRate)}, escaped ${counted(rates.escapeRate)}.`,
    `\nTo look at, most urgent first:`,
    table(
      ['', 'scan', 'tool', 'why'],
      queue
        .slice(0, 40)
        .map(({ place, scan, tool, audit, decision, reasons }) => [
          place,
          scan,
          tool,
          `${audit && decision === 'pass' ? 'Audit. ' : ''}${reasons.join(' ')}`,
        ]),
    ),
    queue.length > 40 ? `… and ${queue.length - 40} more (--out writes all).` : '',
  ].join('\n');
}
