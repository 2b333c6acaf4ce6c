import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { dicomCalls, FoundSeriesTable } from '../../src-shared/api/dicomCalls.ts';
import { convertSeries } from '../dicom/convertSeries.ts';
import { chooseConverter } from '../dicom/nativeConverter.ts';
import { scanSeries, type FoundSeries, type SeriesScan } from '../dicom/scanSeries.ts';
import { readError } from '../files/readBytes.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { studyKey } from '../store/studyKey.ts';
import type { Engine } from './engine.ts';
import { importedFolder, outcomesOf, tableOf, takeUpImported, withPrivateFolder } from './seriesJobs.ts';

/** Archives are unpacked here while they are looked at or converted. */
const unpacked = '.unpacked';

export function dicomHandlers(engine: Engine): HandlersOf<typeof dicomCalls> {
  const { jobs } = engine;
  let table: FoundSeriesTable | null = null;
  let found: readonly FoundSeries[] = [];

  const scan = (folder: string, unpackFolder: string, job: JobContext): Promise<SeriesScan> =>
    scanSeries(folder, {
      key: studyKey(engine.store),
      unpackFolder,
      signal: job.signal,
      report: (done) => job.report({ phase: 'look', done, total: null, message: '' }),
    });

  return {
    'dicom.look': async ({ folder: input }) => {
      const folder = resolve(input);
      await stat(folder).catch((cause: unknown) => {
        throw readError(cause);
      });
      const jobId = jobs.start('look', {}, (job) =>
        withPrivateFolder(engine, unpacked, async (unpackFolder) => {
          const seen = await scan(folder, unpackFolder, job);
          found = seen.found;
          const series = found.map((each) => each.series);
          table = tableOf(folder, {
            complete: true,
            series,
            otherFiles: seen.otherFiles,
            problems: seen.problems,
          });
        }),
      );
      table = tableOf(folder, {});
      found = [];
      return { jobId };
    },
    'dicom.found': () => table,
    'dicom.convert': ({ seriesKeys }) => {
      if (table?.complete !== true) {
        throw new AppError('nothing-looked-at', 'No folder was looked through. Choose one first.');
      }
      const { from } = table;
      const keys = new Set(seriesKeys);
      const chosenOf = (all: readonly FoundSeries[]): FoundSeries[] =>
        all.filter(({ series }) => keys.has(series.seriesKey) && series.unusable === null);
      if (chosenOf(found).length === 0) {
        throw new AppError('no-series', 'None of the chosen series can be converted. The table says why.');
      }
      const jobId = jobs.start('main', { dicom: true, series: keys.size }, (job) =>
        withPrivateFolder(engine, unpacked, async (unpackFolder) => {
          // What lay in an archive was unpacked for the look only.
          const there = await Promise.all(chosenOf(found).flatMap(({ paths }) => paths.map(isThere)));
          const all = there.every((each) => each) ? found : (await scan(from, unpackFolder, job)).found;
          const results = await convertSeries(chosenOf(all), {
            outFolder: importedFolder(engine),
            converter: await chooseConverter(engine.programs.inherited),
            signal: job.signal,
            report: ({ done, total }) => job.report({ phase: 'convert', done, total, message: '' }),
          });
          if (table !== null) table = { ...table, results: outcomesOf(results) };
          await takeUpImported(engine, results, job);
        }),
      );
      return { jobId };
    },
    'dicom.dismiss': () => {
      table = null;
      found = [];
      return null;
    },
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
