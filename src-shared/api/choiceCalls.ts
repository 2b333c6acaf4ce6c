import type { ToolResult } from '../report/studyReport.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { TriageDecision } from '../triage/triageDecision.ts';
import { call } from './call.ts';
import { array, maxLength, minLength, optional, picklist, pipe, strictObject, string } from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(80));
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
  /** Where no defacing of a scan passes, the next tool of the chain runs; with a model triage decides after each. */
  'choices.fallback': call(
    strictObject({ criterion, tools: pipe(array(id), minLength(1)), modelId: optional(id) }),
    { who: 'owner' },
  ).returns<{ jobId: number }>(),
};

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
    readonly brainLossMl: number | null;
    readonly headLossPct: number | null;
  }[];
  /** The defacing that is used; null where none passes. */
  readonly used: string | null;
  readonly byHand: { readonly defacingId: string; readonly name: string; readonly reason: string } | null;
}
