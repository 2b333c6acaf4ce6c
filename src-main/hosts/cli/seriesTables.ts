import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import { chooseSeries, type DicomSeries, type SeriesFilter } from '../../../src-shared/domain/dicomSeries.ts';
import { modalities, type Modality } from '../../../src-shared/domain/modality.ts';
import type { SeriesResult } from '../../dicom/convertSeries.ts';
import { show, table, type OutputOptions } from './terminal.ts';

export const commaList = (text: string): string[] => text.split(',').map((part) => part.trim());

export function modalityList(text: string): Modality[] {
  return commaList(text).map((name) => {
    const known = modalities.find((modality) => modality.toLowerCase() === name.toLowerCase());
    if (known === undefined) throw new InvalidArgumentError(`One of ${modalities.join(', ')}.`);
    return known;
  });
}

export interface FilterOptions {
  readonly modality?: readonly Modality[];
  readonly description?: string;
  readonly series?: readonly string[];
  readonly minSlices?: number;
}

/** The series that were asked for. Throws `no-series` where none is left, and for a key that names none. */
export function chosen(series: readonly DicomSeries[], options: FilterOptions): readonly DicomSeries[] {
  const unknown = options.series?.find((key) => !series.some(({ seriesKey }) => seriesKey === key));
  if (unknown !== undefined) {
    throw new AppError(
      'no-series',
      `No series has the key ${unknown}. Keys belong to one study: list with --key-from of that study.`,
    );
  }
  const filter: SeriesFilter = {
    ...(options.modality && { modalities: options.modality }),
    ...(options.description !== undefined && { descriptionContains: options.description }),
    ...(options.series && { seriesKeys: options.series }),
    ...(options.minSlices !== undefined && { minSlices: options.minSlices }),
  };
  const left = chooseSeries(series, filter);
  if (left.length === 0) {
    throw new AppError(
      'no-series',
      `None of ${series.length} series can be used and passes the filter. List them to see why.`,
    );
  }
  return left;
}

/** The table of series in words. */
export const seriesTable = (series: readonly DicomSeries[]): string =>
  table(
    [
      'series',
      'person',
      'visit',
      'contrast',
      'description',
      'TR ms',
      'TE ms',
      'TI ms',
      'T',
      'slices',
      'note',
    ],
    series.map((row) => [
      row.seriesKey,
      row.personKey,
      row.visitKey,
      row.modality,
      row.description.slice(0, 40),
      row.repetitionTimeMs,
      row.echoTimeMs,
      row.inversionTimeMs,
      row.fieldStrengthT,
      row.files,
      row.unusable ?? '',
    ]),
  );

/** Says what became of each series and what comes next; ends with 2 where one failed. */
export function showResults(
  options: OutputOptions & { readonly study: string },
  outFolder: string,
  results: readonly SeriesResult[],
): void {
  const failed = results.filter(({ outcome }) => outcome !== 'done' && outcome !== 'kept');
  if (failed.length > 0) process.exitCode = 2;
  const next = `defaceqa run ${quoted(outFolder)} --study ${quoted(resolve(options.study))}`;
  show(options, { outFolder, results, next }, () =>
    [
      table(
        ['series', 'outcome', 'images'],
        results.map(({ seriesKey, outcome, images }) => [seriesKey, outcome, images.length]),
      ),
      ...results.flatMap(({ seriesKey, reason, refused }) =>
        [reason, ...refused].filter((text) => text !== '').map((text) => `${seriesKey}: ${text}`),
      ),
      ...(failed.length < results.length ? ['', 'Next:', `  ${next}`] : []),
    ].join('\n'),
  );
}

const quoted = (path: string): string =>
  /^[\w./:\\-]+$/.test(path) ? path : `"${path.replaceAll('"', '\\"')}"`;
