import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundSeriesTable, SeriesOutcome } from '../../src-shared/api/dicomCalls.ts';
import type { SeriesResult } from '../dicom/convertSeries.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';
import { importScans } from './importScans.ts';

/** Converted and fetched originals lie here, below the study. */
export const importedFolder = ({ store }: Pick<Engine, 'store'>): string => join(store.folder, 'imported');

/** Lends a private folder on the study's disk for files that name people; it is gone afterwards, however it ends. */
export async function withPrivateFolder<T>(
  { store }: Pick<Engine, 'store'>,
  name: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(store.folder, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const outcomesOf = (results: readonly SeriesResult[]): SeriesOutcome[] =>
  results.map(({ seriesKey, outcome, reason, images, refused }) => ({
    seriesKey,
    outcome,
    reason: [reason, ...refused].filter((text) => text !== '').join(' '),
    images: images.length,
  }));

/** Takes up what was converted or fetched, if anything was. */
export async function takeUpImported(
  engine: Engine,
  results: readonly SeriesResult[],
  job: JobContext,
): Promise<void> {
  if (results.some(({ images }) => images.length > 0)) await importScans(engine, importedFolder(engine), job);
}

/** A table of series as the screens see it, without the paths behind it. */
export const tableOf = (from: string, table: Partial<Omit<FoundSeriesTable, 'from'>>): FoundSeriesTable => ({
  complete: false,
  series: [],
  otherFiles: 0,
  problems: [],
  results: [],
  ...table,
  from,
});
