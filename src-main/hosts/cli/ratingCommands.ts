import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { AgreementReport } from '../../../src-shared/api/agreementCalls.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { interruptible } from './interruptible.ts';
import { onRound } from './roundCommands.ts';
import { show, table, type OutputOptions } from './terminal.ts';
import { withEngine } from './withEngine.ts';

interface ExportOptions extends OutputOptions {
  readonly round?: string;
  readonly shape: string;
  readonly format: string;
  readonly out: string;
}

interface ImportOptions extends OutputOptions {
  readonly scan: string;
  readonly tool: string;
  readonly verdict?: string;
  readonly strict?: string;
  readonly lenient?: string;
  readonly value?: readonly string[];
  readonly toolName?: readonly string[];
}

/** Adds `ratings export`, `ratings columns`, `ratings import` and `agreement`. */
export function registerRatings(program: Command): void {
  const ratings = program
    .command('ratings')
    .description('Verdicts and labels as tables, out and in.')
    .addHelpText('after', '\nExample:\n  defaceqa ratings export /data/study --out tables --as Olga');
  ratings
    .command('export <study>')
    .description('A table of a round with its data dictionary.')
    .option('--json', 'print the result as JSON')
    .option('--round <name>', 'name or id of the round (default: the only one)')
    .option('--shape <shape>', 'long: a row a verdict; wide: a row a defacing', 'wide')
    .option('--format <format>', 'csv, tsv or json', 'tsv')
    .requiredOption('--out <folder>', 'where the files go')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa ratings export /data/study --shape long --out tables --as Olga',
    )
    .action((study: string, options: ExportOptions) =>
      interruptible(options, () => exportTable(study, options)),
    );
  ratings
    .command('columns <study> <table>')
    .description('What the columns of a table made elsewhere hold, before it is imported.')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  defaceqa ratings columns /data/study labels.csv --as Olga')
    .action((study: string, path: string, options: OutputOptions) =>
      interruptible(options, () => columns(study, path, options)),
    );
  ratings
    .command('import <study> <table>')
    .description('Takes labels made elsewhere; rows that do not fit are named and left out.')
    .option('--json', 'print the result as JSON')
    .requiredOption('--scan <column>', 'column with the scan: its name here, or its file')
    .requiredOption('--tool <column>', 'column with the tool')
    .option('--verdict <column>', 'column with verdicts 1, 2, 3')
    .option('--strict <column>', 'column with labels of the strict criterion')
    .option('--lenient <column>', 'column with labels of the lenient criterion')
    .option('--value <word=label...>', 'what a word means: 0 adequate, 1 insufficient')
    .option('--tool-name <word=id...>', 'which tool of the study a word means')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa ratings import /data/study labels.csv --scan file --tool method --lenient ok --value yes=0 no=1 --as Olga',
    )
    .action((study: string, path: string, options: ImportOptions) =>
      interruptible(options, () => importTable(study, path, options)),
    );
  program
    .command('agreement <study>')
    .description('How far the raters of a round agree.')
    .option('--json', 'print the result as JSON')
    .option('--round <name>', 'name or id of the round (default: the only one)')
    .addHelpText('after', '\nExample:\n  defaceqa agreement /data/study --as Olga')
    .action((study: string, options: OutputOptions & { round?: string }) =>
      interruptible(options, () =>
        onRound(study, options, async (api, { id: roundId }) => {
          const report = await api['agreement.report']({ roundId });
          const success = await api['agreement.success']({ roundId });
          show(options, { report, success }, () => agreementInWords(report));
        }),
      ),
    );
}

const oneOf = <T extends string>(known: readonly T[], text: string): T => {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new AppError('bad-input', `${text} is none of ${known.join(', ')}.`);
  return found;
};

async function exportTable(study: string, options: ExportOptions): Promise<void> {
  const shape = oneOf(['long', 'wide'], options.shape);
  const format = oneOf(['csv', 'tsv', 'json'], options.format);
  await onRound(study, options, async (api, { id: roundId }) => {
    const { files } = await api['ratings.export']({ roundId, shape, format });
    const paths = files.map(({ name }) => join(resolve(options.out), name));
    for (const [n, { text }] of files.entries()) await writeFileWhole(paths[n], text);
    show(options, { files: paths }, () => paths.join('\n'));
  });
}

async function columns(study: string, path: string, options: OutputOptions): Promise<void> {
  await withEngine({ studyFolder: study, workers: 1 }, async ({ api }) => {
    const preview = await api['labels.previewImport']({ text: await readTable(path) });
    show(options, preview, () =>
      [
        table(
          ['column', 'looks like', 'different', 'values'],
          preview.columns.map(({ name, guess, different, values }) => [
            name,
            guess,
            different,
            values.slice(0, 5).join(' | '),
          ]),
        ),
        `${preview.rows} rows. Tools of this study: ${preview.tools.join(', ')}.`,
      ].join('\n'),
    );
  });
}

async function importTable(study: string, path: string, options: ImportOptions): Promise<void> {
  const pairs = (list: readonly string[] | undefined): [string, string][] =>
    (list ?? []).map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at < 1) throw new AppError('bad-input', `Write ${pair} as word=meaning.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
  const values = pairs(options.value).map(
    ([word, label]) => [word, oneOf(['0', '1'], label) === '1' ? 1 : 0] as const,
  );
  const { scan, tool, verdict, strict, lenient } = options;
  await withEngine({ studyFolder: study, workers: 1 }, async ({ api }) => {
    const outcome = await api['labels.import']({
      text: await readTable(path),
      source: basename(path),
      mapping: {
        scan,
        tool,
        verdict,
        strict,
        lenient,
        values: Object.fromEntries(values),
        tools: Object.fromEntries(pairs(options.toolName)),
      },
    });
    if (outcome.taken === 0) process.exitCode = 1;
    show(options, outcome, () =>
      [
        ...outcome.leftOut.map(({ line, reason }) => `line ${line} left out: ${reason}`),
        `${outcome.taken} labels taken, ${outcome.leftOut.length} rows left out.`,
      ].join('\n'),
    );
  });
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(resolve(path), 'utf8');
  } catch (cause) {
    throw new AppError('file-missing', `${path} cannot be read. Check its name and place.`, {}, { cause });
  }
}

function agreementInWords({ rows, raters, intra, pace }: AgreementReport): string {
  const names = new Map(raters.map(({ accountId, name }) => [accountId, name]));
  const short = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(3)));
  const range = (interval: { low: number; high: number } | null): string =>
    interval === null ? '-' : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
  return [
    table(
      [
        'tool',
        'criterion',
        'raters',
        'n',
        'agree',
        'kappa',
        '95 % persons',
        '95 % asympt.',
        'PABAK',
        'AC1',
        'alpha',
        'prevalence',
      ],
      rows.map((row) => [
        row.tool ?? 'all',
        row.criterion,
        row.raters.map((id) => names.get(id) ?? '').join('/'),
        row.n,
        short(row.agreement),
        short(row.kappa),
        range(row.kappaBootstrap),
        range(row.kappaAsymptotic),
        short(row.pabak),
        short(row.ac1),
        short(row.alpha),
        short(row.prevalence),
      ]),
    ),
    '',
    table(
      ['rater', 'verdicts', 'median s', 'repeats', 'strict kappa', 'lenient kappa'],
      pace.map(({ accountId, verdicts, medianSeconds }) => {
        const own = (criterion: string) =>
          intra.find((each) => each.accountId === accountId && each.criterion === criterion);
        return [
          names.get(accountId) ?? '',
          verdicts,
          short(medianSeconds),
          own('strict')?.n ?? 0,
          short(own('strict')?.kappa ?? null),
          short(own('lenient')?.kappa ?? null),
        ];
      }),
    ),
  ].join('\n');
}
