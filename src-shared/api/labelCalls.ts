import type { FinalLabel } from '../rating/finalLabel.ts';
import type { Look } from '../rating/verdict.ts';
import { call } from './call.ts';
import {
  array,
  integer,
  maxLength,
  minLength,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  record,
  strictObject,
  string,
  literal,
  union,
} from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(64));
/** A table as text; what a call may hold at most is less. */
const csv = pipe(string(), minLength(1), maxLength(4_000_000));

/** What rounds came to: verdicts, final labels, their exchange with other programs. */
export const labelCalls = {
  /** One row a verdict, superseded ones too. Of an open round for an owner only. */
  'verdicts.list': call(strictObject({ roundId: id }), { who: 'reader' }).returns<readonly VerdictRow[]>(),
  /** One row a defacing. Of open rounds for an owner only; without a round the label that counts in the study. */
  'labels.list': call(strictObject({ roundId: optional(id) }), { who: 'reader' }).returns<
    readonly LabelRow[]
  >(),
  /** Fixes the final labels of a closed round under a name. Refused while something is disputed and unsettled. */
  'labels.freeze': call(strictObject({ roundId: id, name: pipe(string(), minLength(1), maxLength(120)) }), {
    who: 'owner',
  }).returns<{ readonly at: string; readonly labels: number; readonly sha256: string }>(),
  'labels.reopen': call(
    strictObject({ roundId: id, reason: pipe(string(), minLength(3), maxLength(1000)) }),
    {
      who: 'owner',
    },
  ).returns<null>(),
  /** Files as text, with the data dictionary beside: `long` has a row for every verdict, `wide` for every defacing. */
  'ratings.export': call(
    strictObject({
      roundId: id,
      shape: picklist(['long', 'wide']),
      format: picklist(['csv', 'tsv', 'json']),
    }),
    { who: 'reader' },
  ).returns<{ readonly files: readonly { readonly name: string; readonly text: string }[] }>(),
  /** Columns of a table made elsewhere, with a guess what they mean. */
  'labels.previewImport': call(strictObject({ text: csv }), { who: 'owner' }).returns<ImportPreview>(),
  /** Takes labels made elsewhere; rows that do not fit are named and left out. */
  'labels.import': call(
    strictObject({
      text: csv,
      source: pipe(string(), minLength(1), maxLength(200)),
      mapping: strictObject({
        /** Column with the scan: its name in the study, file name or path below the imported folder. */
        scan: pipe(string(), minLength(1)),
        tool: pipe(string(), minLength(1)),
        /** A column for each criterion that is in the table; a verdict column (1, 2, 3) serves both. */
        verdict: optional(string()),
        strict: optional(string()),
        lenient: optional(string()),
        /** What each word of a label column means: 0 adequate, 1 insufficient. */
        values: optional(record(string(), union([literal(0), literal(1)]))),
        /** The study's tool for each word of the tool column. */
        tools: optional(record(string(), string())),
      }),
    }),
    { who: 'owner' },
  ).returns<ImportOutcome>(),
  'records.list': call(
    strictObject({
      after: optional(pipe(number(), integer(), minValue(0)), 0),
      kinds: optional(array(pipe(string(), maxLength(40)))),
    }),
    { who: 'owner' },
  ).returns<readonly RecordRow[]>(),
};

export interface VerdictRow extends Look {
  readonly id: string;
  readonly roundId: string;
  readonly defacingId: string;
  readonly scan: string;
  readonly person: string;
  readonly tool: string;
  readonly rater: string;
  readonly part: 'primary' | 'third';
  /** A hidden second look. */
  readonly repeat: boolean;
  /** Place in this rater's order, from 1. */
  readonly position: number;
  readonly at: string;
  readonly viewingMs: number;
  readonly criterionVersion: number;
  readonly software: string;
  /** The verdict this one replaces. */
  readonly supersedes: string | null;
  /** It takes the replaced one back and decides nothing. */
  readonly withdrawal: boolean;
  /** Nothing replaced it. */
  readonly stands: boolean;
}

export interface LabelRow {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly person: string;
  readonly tool: string;
  readonly strict: FinalLabel | ImportedLabel | NoLabel;
  readonly lenient: FinalLabel | ImportedLabel | NoLabel;
  /** The round the labels come from; null for imported ones. */
  readonly roundId: string | null;
  readonly frozen: boolean;
  /** The defacing was made anew since it was rated: the label is of another image. */
  readonly stale: boolean;
}

export interface ImportedLabel {
  readonly state: 'final';
  readonly label: 0 | 1;
  readonly by: 'import';
}

/** Not in any round, nor imported. */
export interface NoLabel {
  readonly state: 'open';
  readonly waitsFor: 'round';
}

export interface ImportPreview {
  readonly separator: 'comma' | 'semicolon' | 'tab';
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    /** The first few different values, and how many there are. */
    readonly values: readonly string[];
    readonly different: number;
    readonly guess: 'scan' | 'tool' | 'verdict' | 'strict' | 'lenient' | null;
  }[];
  /** Tools of this study. */
  readonly tools: readonly string[];
}

export interface ImportOutcome {
  readonly taken: number;
  readonly leftOut: readonly { readonly line: number; readonly reason: string }[];
}

/** Whether the log of records is as it was written. */
export interface RecordsCheck {
  readonly entries: number;
  /** Hash of the newest entry; null for an empty log. */
  readonly seal: string | null;
  readonly problems: readonly { readonly seq: number | null; readonly problem: string }[];
}

export interface RecordRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  /** Name of the account; null in a study without accounts. */
  readonly by: string | null;
  readonly body: unknown;
  readonly hash: string;
}
