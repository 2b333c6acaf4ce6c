import type { ScanImage, ScanState } from '../domain/scan.ts';
import { modalities, type Modality } from '../domain/modality.ts';
import type { Suspicion } from '../suspects/suspicion.ts';
import { call } from './call.ts';
import {
  array,
  boolean,
  integer,
  maxLength,
  minLength,
  minValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
} from './checks.ts';

const path = pipe(string(), minLength(1), maxLength(4096));
const count = pipe(number(), integer(), minValue(0));
const label = pipe(string(), minLength(1), maxLength(200));

/** A folder is looked through first; what of it is taken, and as whose, is decided on that table. */
export const importCalls = {
  'imports.look': call(strictObject({ input: path }), { who: 'owner' }).returns<{ jobId: number }>(),
  /** What was found so far: files from number `files` on, suspicions from number `suspected` on; null before a look. */
  'imports.found': call(strictObject({ files: count, suspected: count }), {
    who: 'owner',
  }).returns<FoundFiles | null>(),
  'imports.take': call(
    strictObject({
      changes: array(
        strictObject({
          relativePath: path,
          person: optional(label),
          session: optional(nullable(label)),
          modality: optional(picklist(modalities)),
          leaveOut: optional(boolean()),
        }),
      ),
    }),
    { who: 'owner' },
  ).returns<{ jobId: number }>(),
  /** Forgets what was found; nothing of it was taken. */
  'imports.dismiss': call(strictObject({}), { who: 'owner' }).returns<null>(),
};

export interface FoundFiles {
  readonly folder: string;
  readonly phase: 'files' | 'suspects' | 'done' | 'stopped';
  /** How many files and suspicions there are so far. */
  readonly counts: { readonly files: number; readonly suspected: number; readonly passedOver: number };
  readonly files: readonly FoundFile[];
  readonly suspected: readonly SuspectedFile[];
}

/** A file as it would be taken up. */
export interface FoundFile {
  readonly relativePath: string;
  readonly state: ScanState;
  readonly reason: string;
  readonly errorCode: string | null;
  /** Path of the file it repeats, below the same folder or in the study. */
  readonly duplicateOf: string | null;
  readonly person: string;
  readonly session: string | null;
  readonly modality: Modality;
  readonly image: ScanImage | null;
  /** In the study already, and unchanged since. */
  readonly known: boolean;
}

export interface SuspectedFile {
  readonly relativePath: string;
  readonly suspicions: readonly Suspicion[];
}
