/** How the conversion of one series ended. Only `done` and `kept` have images. */
export type ConversionOutcome =
  | 'done'
  | 'kept'
  | 'no-dicom'
  | 'series-corrupt'
  | 'partly-converted'
  | 'volumes-incomplete'
  | 'slices-missing'
  | 'output-missing'
  | 'no-head-volume'
  | 'files-unreadable'
  | 'series-too-large'
  | 'converter-missing'
  | 'converter-failed'
  | 'timed-out'
  | 'killed'
  /** From a server only: a file did not arrive, or may not be read there. */
  | 'not-fetched';

export interface ConversionEnd {
  readonly ended: 'exited' | 'killed' | 'timed-out' | 'not-found';
  readonly exitCode: number | null;
}

/**
 * What an ended conversion means before its output is looked at; null where nothing speaks against it. Exit codes as
 * dcm2niix documents them: 2 no DICOM, 4 corrupt, 8 some converted, 10 incomplete volumes; the rest are faults of the
 * program or of its folders.
 */
export function failureOf({ ended, exitCode }: ConversionEnd): ConversionOutcome | null {
  if (ended === 'not-found') return 'converter-missing';
  if (ended === 'timed-out' || ended === 'killed') return ended;
  if (exitCode === 0) return null;
  return byExitCode.get(exitCode ?? -1) ?? 'converter-failed';
}

const byExitCode: ReadonlyMap<number, ConversionOutcome> = new Map([
  [2, 'no-dicom'],
  [4, 'series-corrupt'],
  [8, 'partly-converted'],
  [10, 'volumes-incomplete'],
]);

/** What to say and do about each outcome; empty where nothing has to be done. */
export const conversionSentence: Readonly<Record<ConversionOutcome, string>> = {
  done: '',
  kept: '',
  'no-dicom': 'The converter found no image it can read in this series. Copy it again from its source.',
  'series-corrupt': 'Files of this series are damaged. Copy it again from its source.',
  'partly-converted': 'Only a part of this series could be converted, so nothing of it was taken.',
  'volumes-incomplete': 'Volumes of this series are incomplete, so nothing of it was taken. Copy it again.',
  'slices-missing': 'Fewer slices came out than went in, so nothing of this series was taken. Copy it again.',
  'output-missing': 'The converter said it was done but wrote no image.',
  'no-head-volume': 'The series was converted, but nothing in it is a volume of a head.',
  'files-unreadable': 'Files of this series could not be read. Check the disk and your permissions.',
  'series-too-large': 'This series is too large for the built-in converter. Install dcm2niix and try again.',
  'converter-missing': 'dcm2niix could not be started. Install it again, or use the built-in converter.',
  'converter-failed': 'The converter failed. Try again; with another version of dcm2niix if it persists.',
  'timed-out': 'The converter took longer than half an hour and was ended.',
  killed: 'The converter was ended by the system, most often because memory ran out.',
  'not-fetched': 'The server did not give this scan. Start again: what has arrived is not fetched again.',
};
