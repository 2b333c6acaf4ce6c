import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { seriesCsv } from '../../../src-shared/domain/dicomSeries.ts';
import { convertSeries } from '../../dicom/convertSeries.ts';
import { chooseConverter } from '../../dicom/nativeConverter.ts';
import { scanSeries, type SeriesScan } from '../../dicom/scanSeries.ts';
import { readError } from '../../files/readBytes.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { studyKey } from '../../store/studyKey.ts';
import { interruptible } from './interruptible.ts';
import {
  chosen,
  commaList,
  modalityList,
  seriesTable,
  showResults,
  type FilterOptions,
} from './seriesTables.ts';
import { keyFrom, withStudy } from './studyKeys.ts';
import { bar, progressLine, show, type OutputOptions } from './terminal.ts';

interface ListOptions extends OutputOptions {
  readonly csv?: string;
  readonly keyFrom?: string;
}

interface ConvertCommandOptions extends OutputOptions, FilterOptions {
  readonly study: string;
}

/** Adds `dicom list` and `dicom convert` to the command line. */
export function registerDicom(program: Command): void {
  const dicom = program
    .command('dicom')
    .description('Series in a folder of DICOM files: what is there, and the chosen ones as scrubbed images.')
    .addHelpText('after', '\nExample:\n  defaceqa dicom list /data/dicom --key-from /data/study');
  dicom
    .command('list <folder>')
    .description('Every series below a folder, nested or zipped, from headers only; nothing is converted.')
    .option('--csv <file>', 'also write the whole table')
    .option(
      '--key-from <study>',
      'keys as in this study, which is made if need be (default: keys for this list only)',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  defaceqa dicom list /data/dicom --csv series.csv')
    .action((folder: string, options: ListOptions) =>
      interruptible(options, (signal) => list(folder, options, signal)),
    );
  dicom
    .command('convert <folder>')
    .description('Chosen series as images without identities, in the folder "imported" of a study.')
    .requiredOption('--study <folder>', 'where the study lies or shall lie')
    .option('--modality <names>', 'contrasts, separated by commas', modalityList)
    .option('--description <text>', 'only series whose description has this in it')
    .option('--series <keys>', 'these series, by the keys of "dicom list --key-from"', commaList)
    .option('--min-slices <n>', 'only series of at least as many slices', wholeNumber)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa dicom convert /data/dicom --study /data/study --modality T1w',
    )
    .action((folder: string, options: ConvertCommandOptions) =>
      interruptible(options, (signal) => convert(folder, options, signal)),
    );
}

async function list(folder: string, options: ListOptions, signal: AbortSignal): Promise<void> {
  await requireThere(folder);
  const key = await keyFrom(options.keyFrom);
  const unpackFolder = await mkdtemp(join(tmpdir(), 'defaceqa-dicom-'));
  try {
    const scan = await look(folder, { key, unpackFolder, options, signal });
    const series = scan.found.map((found) => found.series);
    if (options.csv !== undefined) await writeFileWhole(resolve(options.csv), seriesCsv(series));
    show(options, { series, otherFiles: scan.otherFiles, problems: scan.problems }, () =>
      [
        seriesTable(series),
        ...scan.problems,
        `${series.length} series; ${scan.otherFiles} files are no DICOM image.`,
      ].join('\n'),
    );
  } finally {
    await rm(unpackFolder, { recursive: true, force: true });
  }
}

async function convert(folder: string, options: ConvertCommandOptions, signal: AbortSignal): Promise<void> {
  await requireThere(folder);
  const outFolder = join(resolve(options.study), 'imported');
  await withStudy(options.study, async (store) => {
    // On the study's disk: archives may be larger than what a temporary folder holds.
    const unpackFolder = join(resolve(options.study), '.unpacked');
    await rm(unpackFolder, { recursive: true, force: true });
    await mkdir(unpackFolder, { mode: 0o700 });
    try {
      const scan = await look(folder, { key: studyKey(store), unpackFolder, options, signal });
      const series = scan.found.map((found) => found.series);
      if (options.json !== true) for (const problem of scan.problems) process.stderr.write(`${problem}\n`);
      const keys = new Set(chosen(series, options).map(({ seriesKey }) => seriesKey));
      const line = progressLine(options.json !== true);
      const results = await convertSeries(
        scan.found.filter((found) => keys.has(found.series.seriesKey)),
        {
          outFolder,
          converter: await chooseConverter(process.env),
          signal,
          report: ({ done, total }) => {
            line.draw(`convert  ${bar(done, total)}`);
          },
        },
      );
      line.clear();
      showResults(options, outFolder, results);
    } finally {
      await rm(unpackFolder, { recursive: true, force: true });
    }
  });
}

async function look(
  folder: string,
  {
    key,
    unpackFolder,
    options,
    signal,
  }: { key: string; unpackFolder: string; options: OutputOptions; signal: AbortSignal },
): Promise<SeriesScan> {
  const line = progressLine(options.json !== true);
  const report = (seen: number): void => {
    line.draw(`look     ${seen} files`);
  };
  const scan = await scanSeries(folder, { key, unpackFolder, signal, report });
  line.clear();
  return scan;
}

async function requireThere(folder: string): Promise<void> {
  await stat(folder).catch((cause: unknown) => {
    throw readError(cause);
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('A whole number.');
  return value;
}
