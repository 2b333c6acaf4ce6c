import type { DicomSeries } from '../domain/dicomSeries.ts';
import { call } from './call.ts';
import { array, maxLength, minLength, pipe, strictObject, string } from './checks.ts';

const path = pipe(string(), minLength(1), maxLength(4096));
const key = pipe(string(), minLength(1), maxLength(64));

/** Series in a folder of DICOM files: listed from headers, chosen, converted, scrubbed and taken up. */
export const dicomCalls = {
  'dicom.look': call(strictObject({ folder: path }), { who: 'owner' }).returns<{ jobId: number }>(),
  'dicom.found': call(strictObject({}), { who: 'owner' }).returns<FoundSeriesTable | null>(),
  'dicom.convert': call(strictObject({ seriesKeys: pipe(array(key), minLength(1)) }), {
    who: 'owner',
  }).returns<{
    jobId: number;
  }>(),
  'dicom.dismiss': call(strictObject({}), { who: 'owner' }).returns<null>(),
};

export interface FoundSeriesTable {
  /** The folder, or the project on the server. */
  readonly from: string;
  readonly complete: boolean;
  readonly series: readonly DicomSeries[];
  /** Files that are no DICOM image. */
  readonly otherFiles: number;
  readonly problems: readonly string[];
  /** What became of the series that were converted or fetched last. */
  readonly results: readonly SeriesOutcome[];
}

export interface SeriesOutcome {
  readonly seriesKey: string;
  /** `done` and `kept` have images; every other has a reason. */
  readonly outcome: string;
  readonly reason: string;
  readonly images: number;
}
