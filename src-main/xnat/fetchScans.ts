import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { isImageName } from '../../src-shared/domain/scanIdentity.ts';
import { conversionSentence } from '../dicom/conversionOutcome.ts';
import type { Converter } from '../dicom/converter.ts';
import { convertSeries, imagesOf, takeNifti, type SeriesResult } from '../dicom/convertSeries.ts';
import { scanSeries, type FoundSeries } from '../dicom/scanSeries.ts';
import type { XnatConnection } from './xnatConnection.ts';
import { downloadResource, type DownloadProgress } from './xnatDownload.ts';
import type { XnatScan } from './xnatListing.ts';
import { seriesOfScan } from './xnatSeries.ts';

export interface FetchOptions {
  readonly outFolder: string;
  /** Holds identified files while they arrive; a scan's are removed once it is taken in. On the disk of `outFolder`. */
  readonly downloadFolder: string;
  readonly key: string;
  readonly converter: Converter;
  readonly signal?: AbortSignal | undefined;
  readonly report?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly download: DownloadProgress | null;
  }) => void;
}

/** A fault of one scan, after which the next may well come. */
const ofOneScan = new Set(['xnat-transfer-broken', 'xnat-refused']);

/**
 * Fetches scans and takes them in like local series, one after the other. A scan whose images are there is not asked for;
 * one that was interrupted goes on with the file that is missing. Persons and visits are the server's, whatever headers
 * say. Throws for what concerns all scans: `xnat-session-expired`, `xnat-unreachable`, `disk-full`, the signal.
 */
export async function fetchScans(
  connection: XnatConnection,
  scans: readonly XnatScan[],
  options: FetchOptions,
): Promise<readonly SeriesResult[]> {
  const results: SeriesResult[] = [];
  for (const [done, scan] of scans.entries()) {
    options.signal?.throwIfAborted();
    const tell = (download: DownloadProgress | null): void =>
      options.report?.({ done, total: scans.length, download });
    tell(null);
    results.push(...(await fetchOne(connection, scan, { ...options, tell })));
  }
  return results;
}

async function fetchOne(
  connection: XnatConnection,
  scan: XnatScan,
  options: FetchOptions & { readonly tell: (download: DownloadProgress | null) => void },
): Promise<readonly SeriesResult[]> {
  const { outFolder, signal, tell } = options;
  const { seriesKey } = scan;
  const images = await imagesOf(outFolder, seriesKey);
  if (images !== null) return [{ seriesKey, outcome: 'kept', reason: '', images, refused: [] }];
  const [resource] = scan.resources;
  const folder = join(options.downloadFolder, seriesKey);
  let paths: string[];
  try {
    await mkdir(options.downloadFolder, { recursive: true, mode: 0o700 });
    paths = await downloadResource(connection, { ...scan, resource }, join(folder, 'files'), {
      ...(signal && { signal }),
      report: tell,
    });
  } catch (error) {
    if (!(error instanceof AppError) || !ofOneScan.has(error.code)) throw error;
    return [{ seriesKey, outcome: 'not-fetched', reason: error.message, images: [], refused: [] }];
  }
  // Only a whole download is removed: one that was stopped goes on from what has arrived.
  const results = resource.toUpperCase().startsWith('NIFTI')
    ? [await takeNifti(seriesOfScan(scan), paths.filter(isImageName), { outFolder, signal })]
    : await takeDicom(scan, folder, options);
  await rm(folder, { recursive: true, force: true });
  return results;
}

async function takeDicom(
  scan: XnatScan,
  folder: string,
  { key, outFolder, converter, signal }: FetchOptions,
): Promise<readonly SeriesResult[]> {
  const { seriesKey } = scan;
  const unpackFolder = join(folder, 'unpacked');
  await rm(unpackFolder, { recursive: true, force: true });
  const { found } = await scanSeries(join(folder, 'files'), { key, unpackFolder, ...(signal && { signal }) });
  const usable = found.filter(({ series }) => series.unusable === null);
  if (usable.length === 0) {
    const outcome = found.length === 0 ? 'no-dicom' : 'no-head-volume';
    const refused = found.flatMap(({ series }) => series.unusable ?? []);
    return [{ seriesKey, outcome, reason: conversionSentence[outcome], images: [], refused }];
  }
  const named = usable.map(({ series, paths }, n): FoundSeries => ({
    paths,
    series: {
      ...series,
      seriesKey: n === 0 ? seriesKey : `${seriesKey}.${n}`,
      personKey: scan.personKey,
      visitKey: scan.visitKey,
      modality: series.modality === 'unknown' ? scan.modality : series.modality,
      ageYears: series.ageYears ?? scan.ageYears,
      sex: series.sex ?? seriesOfScan(scan).sex,
    },
  }));
  return convertSeries(named, { outFolder, converter, signal });
}
