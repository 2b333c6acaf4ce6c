import type { ToolResult } from '../report/studyReport.ts';
import type { ByRegion } from '../regions/faceRegion.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { TriageDecision } from '../triage/triageDecision.ts';
import { call } from './call.ts';
import {
  array,
  boolean,
  maxLength,
  minLength,
  number,
  optional,
  picklist,
  pipe,
  record,
  strictObject,
  string,
  union,
} from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(80));
const step = strictObject({
  tool: id,
  settings: optional(record(id, union([pipe(string(), maxLength(256)), number(), boolean()])), {}),
});
const criterion = optional(picklist(['strict', 'lenient']), 'lenient');

/** Which defacing of a scan is used, and what becomes of scans that have none. */
export const choiceCalls = {
  'choices.list': call(strictObject({ criterion }), { who: 'reader' }).returns<readonly ScanChoice[]>(),
  /** By hand, under a name with a reason; recorded. */
  'choices.choose': call(
    strictObject({
      scanId: id,
      defacingId: id,
      name: pipe(string(), minLength(1), maxLength(120)),
      reason: pipe(string(), minLength(3), maxLength(500)),
    }),
    { who: 'owner' },
  ).returns<null>(),
  'choices.clear': call(strictObject({ scanId: id }), { who: 'owner' }).returns<null>(),
  'choices.success': call(strictObject({ criterion }), { who: 'reader' }).returns<readonly ToolResult[]>(),
  /**
   * Where all defacings of a scan failed, the next step of the chain runs: a tool it has not had, or one it had with other
   * settings, whose defacing is replaced. With a model triage decides after each step, as it did last.
   */
  'choices.fallback': call(
    strictObject({
      criterion,
      steps: pipe(array(step), minLength(1), maxLength(20)),
      modelId: optional(id),
      /** Also where nothing passes but something still waits for a look. */
      alsoWaiting: optional(boolean(), false),
    }),
    { who: 'owner' },
  ).returns<{ jobId: number }>(),
};

/** What can be said of a defacing: it passes, it failed, people have to look first, or there is none. */
export type CandidateState = 'passes' | 'failed' | 'waits' | 'none';

export interface ScanChoice {
  readonly scanId: string;
  readonly scan: string;
  readonly contrast: string;
  readonly candidates: readonly {
    readonly defacingId: string;
    readonly tool: string;
    readonly outcome: Outcome;
    /** 1 insufficient. */
    readonly label: 0 | 1 | null;
    readonly probability: number | null;
    readonly decision: TriageDecision | null;
    /** Labelled adequate, accepted by name, or, without a label, passed by triage. */
    readonly passes: boolean;
    readonly state: CandidateState;
    /** Why, as triage said it; empty without it. */
    readonly reasons: readonly string[];
    /** Share of each region of the face that is left, 0 to 1; null where it could not be judged. */
    readonly regions: ByRegion<number | null>;
    readonly brainLossMl: number | null;
    readonly headLossPct: number | null;
  }[];
  /** Whether one passes, else whether one may still, else that all failed. */
  readonly state: 'passes' | 'waits' | 'failed';
  /** The defacing that is used; null where none passes. */
  readonly used: string | null;
  readonly byHand: { readonly defacingId: string; readonly name: string; readonly reason: string } | null;
}
