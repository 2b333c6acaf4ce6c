import type { HoldReason } from '../release/gate.ts';
import type { Criterion } from '../rating/verdict.ts';
import { call } from './call.ts';
import {
  array,
  boolean,
  integer,
  maxLength,
  minLength,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
  type InferOutput,
} from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const shortText = pipe(string(), minLength(1), maxLength(200));
const criterion = picklist(['strict', 'lenient']);

/** What leaves, and how. */
export const exportOptions = strictObject({
  criterion,
  layout: optional(picklist(['bids', 'plain']), 'bids'),
  /** One defacing a scan (chosen by hand or the best that passes), every one that passes, or those of some tools. */
  which: optional(picklist(['best', 'all']), 'best'),
  tools: optional(array(id)),
  /** Only these scans. */
  scanIds: optional(array(id)),
  labelling: optional(picklist(['keep', 'new']), 'keep'),
  /** Somebody who looked at the labels that read as words and says that none is a name. */
  labelsTrustedBy: optional(shortText),
  normalise: optional(picklist(['none', 'z-score', 'white-stripe']), 'none'),
  /** Also each image on a straight grid of 1 mm, RAS+. */
  oneMillimetre: optional(boolean(), false),
  /** Also the measurements with the effect of the scanner taken out (ComBat). */
  harmonise: optional(boolean(), false),
  masks: optional(boolean(), true),
  name: optional(shortText, 'Defaced head scans'),
  authors: optional(array(shortText), []),
  licence: optional(shortText),
  version: optional(shortText, '1.0.0'),
});
export type ExportOptions = InferOutput<typeof exportOptions>;

/** The share gate, and what leaves the building through it. */
export const exportCalls = {
  /** What would be written and what is held back and why. Writes nothing. */
  'exports.preview': call(exportOptions, { who: 'owner' }).returns<ExportPreview>(),
  /** Writes the folder whole or not at all. */
  'exports.start': call(
    strictObject({ folder: pipe(string(), minLength(1), maxLength(4096)), options: exportOptions }),
    { who: 'owner' },
  ).returns<{ jobId: number }>(),
  'exports.list': call(strictObject({}), { who: 'owner' }).returns<readonly ExportRecord[]>(),
  /** A named person lets defacings out that have no label that passes. Recorded, with the bytes they are. */
  'exports.accept': call(
    strictObject({
      defacingIds: pipe(array(id), minLength(1)),
      criterion,
      name: shortText,
      reason: pipe(string(), minLength(5), maxLength(1000)),
      /** All of them were passed by this triage run. */
      triageRunId: optional(pipe(number(), integer(), minValue(1))),
    }),
    { who: 'owner' },
  ).returns<{ accepted: number }>(),
};

export interface ExportPreview {
  readonly write: readonly PlannedImage[];
  readonly heldBack: readonly HeldBack[];
  /** Keys of sidecars that stay, with how many images have them. */
  readonly sidecarKeysDropped: Readonly<Record<string, number>>;
  /** Columns of the table of participants that stay. */
  readonly participantColumnsHeldBack: readonly string[];
  /** Header fields with text in originals, which are emptied, with how many images have them. */
  readonly headerTextRemoved: Readonly<Record<string, number>>;
  /** Kinds of text known of people that everything written is searched for, and how many different ones. */
  readonly identitiesKnown: number;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

export interface PlannedImage {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly tool: string;
  readonly by: 'label' | 'acceptance';
  /** Of an acceptance: who and why. */
  readonly acceptedBy: string | null;
  readonly acceptedReason: string | null;
  readonly paths: readonly string[];
}

export interface HeldBack {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly tool: string;
  readonly reasons: readonly {
    readonly code: HoldReason;
    readonly sentence: string;
    /** A named person may let it out all the same. */
    readonly overrulable: boolean;
  }[];
}

export interface ValidatorFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly subCode: string | null;
  readonly location: string;
  /** Of a warning: why it is there and may stay; null where nobody has explained it. */
  readonly explained: string | null;
}

export interface ExportRecord {
  readonly id: number;
  readonly folder: string;
  readonly options: ExportOptions;
  readonly images: number;
  readonly heldBack: number;
  readonly files: number;
  readonly manifestSha256: string;
  /** null where no BIDS validator is installed, or the layout is plain. */
  readonly validator: { readonly version: string; readonly findings: readonly ValidatorFinding[] } | null;
  readonly software: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

export type { Criterion };
