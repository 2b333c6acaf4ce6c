import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { DicomSeries } from '../../src-shared/domain/dicomSeries.ts';
import { conversionSentence, failureOf, type ConversionOutcome } from './conversionOutcome.ts';
import { bytesIn, type Converter } from './converter.ts';
import {
  addParticipant,
  addSession,
  readRecords,
  scannerFacts,
  writeRecords,
  type ImportRecord,
} from './importTables.ts';
import type { FoundSeries } from './scanSeries.ts';
import { hashFiles, stageFiles, type HashedFiles } from './stageFiles.ts';
import { removeImages, takeImages } from './takeImages.ts';

export interface SeriesResult {
  readonly seriesKey: string;
  readonly outcome: ConversionOutcome;
  /** What to do about it; empty for `done` and `kept`. */
  readonly reason: string;
  /** Images in the output folder, `/` between the parts of their paths. */
  readonly images: readonly string[];
  /** A sentence for each converted file that was not taken. */
  readonly refused: readonly string[];
}

export interface ConvertOptions {
  /** Gets `sub-…/ses-…/anat`, `participants.tsv` and `series.tsv`. One caller at a time: hold the study's lock. */
  readonly outFolder: string;
  readonly converter: Converter;
  readonly signal?: AbortSignal | undefined;
  readonly report?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Holds identified files while a series is converted: hidden, private, removed at the end and at the next start. */
export const workFolderOf = (outFolder: string): string => join(outFolder, '.work');

/**
 * Converts series one after the other into scrubbed images with names that name nobody. A series whose images are there
 * and whose files are the same is kept. One that fails gets a named outcome and the rest goes on; a full or forbidden disk
 * (`disk-full`, `folder-forbidden`) and the signal end everything, and leave nothing half-written.
 */
export async function convertSeries(
  found: readonly FoundSeries[],
  options: ConvertOptions,
): Promise<readonly SeriesResult[]> {
  const { outFolder, signal, report } = options;
  const work = await emptyWorkFolder(outFolder);
  try {
    const records = await readRecords(outFolder);
    const results: SeriesResult[] = [];
    for (const [done, each] of found.entries()) {
      signal?.throwIfAborted();
      report?.({ done, total: found.length });
      results.push(await convertOne(each, { ...options, records, work: join(work, 'series') }));
    }
    report?.({ done: found.length, total: found.length });
    return results;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function emptyWorkFolder(outFolder: string): Promise<string> {
  const work = workFolderOf(outFolder);
  await rm(work, { recursive: true, force: true });
  await mkdir(outFolder, { recursive: true });
  await mkdir(work, { mode: 0o700 });
  return work;
}

interface OneOptions extends Omit<ConvertOptions, 'converter'> {
  readonly converter: Pick<Converter, 'id'>;
  readonly records: Map<string, ImportRecord>;
  /** Made and removed for each series. */
  readonly work: string;
}

async function convertOne(
  { series, paths }: FoundSeries,
  options: OneOptions & Pick<ConvertOptions, 'converter'>,
): Promise<SeriesResult> {
  const { converter, work, signal } = options;
  let files: HashedFiles;
  try {
    files = await hashFiles(paths, signal);
  } catch {
    signal?.throwIfAborted();
    return keep(series, '', { outcome: 'files-unreadable', images: [], refused: [] }, options);
  }
  const kept = await keptImages(series, files.sha256, options);
  if (kept !== null) {
    return { seriesKey: series.seriesKey, outcome: 'kept', reason: '', images: kept, refused: [] };
  }
  const [inFolder, out] = [join(work, 'in'), join(work, 'out')];
  try {
    await mkdir(out, { recursive: true });
    await stageFiles(files.paths, inFolder, signal);
    const failed = (outcome: ConversionOutcome): Promise<SeriesResult> =>
      keep(series, files.sha256, { outcome, images: [], refused: [] }, options);
    if ((await bytesIn(inFolder)) > converter.largestBytes) return await failed('series-too-large');
    const failure = await converter
      .convert({ inFolder, outFolder: out, logPath: join(work, 'log'), signal })
      .then(failureOf, () => {
        signal?.throwIfAborted();
        return 'converter-failed' as const;
      });
    if (failure !== null) return await failed(failure);
    const made = (await readdir(out)).filter((name) => /\.nii(\.gz)?$/i.test(name));
    if (made.length === 0) return await failed('output-missing');
    const expected = Math.floor((series.files * files.paths.length) / paths.length);
    return await takeSeries(
      made.map((name) => join(out, name)),
      { series, inputSha256: files.sha256, expectedSlices: expected },
      options,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Takes NIfTI images that came without a conversion, scrubbed and named like converted ones. `paths` are images of one
 * scan, each with its sidecar beside it. Errors and outcomes as `convertSeries`.
 */
export async function takeNifti(
  series: DicomSeries,
  paths: readonly string[],
  options: Omit<ConvertOptions, 'converter' | 'report'>,
): Promise<SeriesResult> {
  const work = await emptyWorkFolder(options.outFolder);
  try {
    const converter = noConverter;
    const one = { ...options, converter, records: await readRecords(options.outFolder), work };
    const { sha256, paths: files } = await hashFiles(paths, options.signal);
    return await takeSeries(files, { series, inputSha256: sha256, expectedSlices: null }, one);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const noConverter: Pick<Converter, 'id'> = { id: 'none (came as NIfTI)' };

/** The images of a series that were made before and are all still there, whatever they were made from; else null. */
export async function imagesOf(outFolder: string, seriesKey: string): Promise<readonly string[] | null> {
  return keptImages({ seriesKey }, null, { outFolder, records: await readRecords(outFolder) });
}

/** Takes the files of one series in and records what became of it. */
async function takeSeries(
  paths: readonly string[],
  {
    series,
    inputSha256,
    expectedSlices,
  }: { series: DicomSeries; inputSha256: string; expectedSlices: number | null },
  options: OneOptions,
): Promise<SeriesResult> {
  const { outFolder, records, work, signal } = options;
  const old = records.get(series.seriesKey)?.images ?? [];
  const { images, refused, accepted } = await takeImages(paths, series, {
    outFolder,
    partFolder: join(work, 'parts'),
    nameOf: namesFor(series, records),
    accept: (slices) => expectedSlices === null || slices >= expectedSlices,
    signal,
  });
  const outcome = !accepted ? 'slices-missing' : images.length === 0 ? 'no-head-volume' : 'done';
  if (accepted)
    await removeImages(
      outFolder,
      old.filter((image) => !images.includes(image)),
    );
  return keep(series, inputSha256, { outcome, images, refused }, options);
}

/** The images of an earlier conversion of the same files, all still there; else null. */
async function keptImages(
  { seriesKey }: Pick<DicomSeries, 'seriesKey'>,
  inputSha256: string | null,
  { outFolder, records }: Pick<OneOptions, 'outFolder' | 'records'>,
): Promise<readonly string[] | null> {
  const record = records.get(seriesKey);
  if (record?.outcome !== 'done' || (inputSha256 !== null && record.inputSha256 !== inputSha256)) return null;
  const there = await Promise.all(
    record.images.map((image) =>
      access(join(outFolder, image)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.every((each) => each) ? record.images : null;
}

async function keep(
  series: DicomSeries,
  inputSha256: string,
  { outcome, images, refused }: Pick<SeriesResult, 'outcome' | 'images' | 'refused'>,
  { outFolder, records, converter, work }: OneOptions,
): Promise<SeriesResult> {
  const before = records.get(series.seriesKey);
  // What an earlier conversion made stays and stays known when a later one fails.
  if (outcome === 'done' || before?.outcome !== 'done') {
    records.set(series.seriesKey, {
      series,
      outcome,
      images,
      inputSha256,
      facts: scannerFacts(series, converter.id),
    });
    await writeRecords(outFolder, records, join(work, 'parts'));
  }
  if (outcome === 'done') {
    await addParticipant(outFolder, series, join(work, 'parts'));
    await addSession(outFolder, series, join(work, 'parts'));
  }
  return { seriesKey: series.seriesKey, outcome, reason: conversionSentence[outcome], images, refused };
}

/**
 * Names for the images of a series: those it had before, else the next free runs of this person, visit and contrast.
 * An unknown contrast is called `MR`, which claims none. Throws `import-names` where a hash is no plain word.
 */
function namesFor(
  series: DicomSeries,
  records: ReadonlyMap<string, ImportRecord>,
): (index: number) => string {
  const { personKey, visitKey, seriesKey, modality } = series;
  if (![personKey, visitKey].every((key) => /^[0-9a-z]+$/i.test(key)))
    throw new AppError('import-names', 'This scan has no usable key for its person or visit.');
  const suffix = modality === 'unknown' ? 'MR' : modality;
  const folder = `sub-${personKey}/ses-${visitKey}/anat`;
  const pattern = new RegExp(`_run-(\\d+)_${suffix}\\.nii\\.gz$`);
  const runsOf = (images: readonly string[]): number[] =>
    images
      .filter((image) => image.startsWith(`${folder}/`))
      .flatMap((image) => Number(pattern.exec(image)?.[1] ?? 'NaN'))
      .filter(Number.isFinite);
  const mine = runsOf(records.get(seriesKey)?.images ?? []);
  const last = Math.max(0, ...[...records.values()].flatMap(({ images }) => runsOf(images)));
  return (index) => {
    const run = mine[index] ?? last + 1 + index - mine.length;
    return `${folder}/sub-${personKey}_ses-${visitKey}_run-${run}_${suffix}`;
  };
}
