import type { Criterion } from '../rating/verdict.ts';
import type { AuditState } from '../triage/auditSample.ts';
import type { DriftFinding } from '../triage/drift.ts';
import type { RiskPoint, RiskStatement } from '../triage/riskStatement.ts';
import type { TriageDecision } from '../triage/triageDecision.ts';
import { call } from './call.ts';
import {
  array,
  boolean,
  integer,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  strictObject,
  string,
  union,
} from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(80));
const path = pipe(string(), minLength(1), maxLength(4096));
const runId = pipe(number(), integer(), minValue(1));
const share = pipe(number(), minValue(0), maxValue(1));
const risk = pipe(number(), minValue(0.001), maxValue(0.5));
const request = {
  modelId: id,
  /** Largest share of insufficient defacings that may be passed. */
  alpha: optional(risk, 0.05),
  /** 1 - confidence. */
  delta: optional(risk, 0.05),
  /** Largest share of adequate defacings that may be failed without a look. */
  alphaFail: optional(risk, 0.05),
  seed: optional(pipe(number(), integer(), minValue(0), maxValue(2 ** 32 - 1)), 1),
};

/** Which defacings need a human: decisions of a model under a stated risk, and the queue of the rest. */
export const triageCalls = {
  /** Models of this study and models taken from files. */
  'triage.models': call(strictObject({}), { who: 'reader' }).returns<readonly TriageModelRow[]>(),
  'triage.addModel': call(strictObject({ path }), { who: 'owner' }).returns<TriageModelRow>(),
  /** A model of this study with what it was tested on, as a file for another one. */
  'triage.packModel': call(strictObject({ modelId: id }), { who: 'owner' }).returns<{
    readonly name: string;
    readonly text: string;
  }>(),
  /** What a risk would bring: thresholds, coverage, miss and escape, and the same for other risks. Decides nothing. */
  'triage.statement': call(strictObject(request), { who: 'reader' }).returns<{
    readonly statement: RiskStatement;
    readonly curve: readonly RiskPoint[];
    readonly sentence: string;
  }>(),
  /** Decides on every measured defacing of the study, and records it. */
  'triage.start': call(
    strictObject({
      ...request,
      /** Share of the passed ones that people look at all the same, and how many at least. */
      auditShare: optional(share, 0.05),
      auditLeast: optional(pipe(number(), integer(), minValue(0), maxValue(1000)), 5),
      brainLookMl: optional(pipe(number(), minValue(0)), 1),
      brainFailMl: optional(pipe(number(), minValue(0)), 5),
      tools: optional(array(id)),
    }),
    { who: 'owner' },
  ).returns<TriageRun>(),
  'triage.runs': call(strictObject({}), { who: 'reader' }).returns<readonly TriageRun[]>(),
  'triage.items': call(strictObject({ runId }), { who: 'reader' }).returns<readonly TriageRow[]>(),
  /** Whom to ask next so that the model learns most. */
  'triage.next': call(
    strictObject({ modelId: id, count: optional(pipe(number(), integer(), minValue(1), maxValue(500)), 20) }),
    {
      who: 'reader',
    },
  ).returns<readonly string[]>(),
  'triage.drift': call(strictObject({ runId }), { who: 'reader' }).returns<readonly DriftFinding[]>(),
  'triage.audit': call(strictObject({ runId }), { who: 'reader' }).returns<AuditState>(),
  /** A verdict given in the review queue; it becomes the label where no round gives one. */
  'triage.review': call(
    strictObject({
      defacingId: id,
      verdict: union([literal(1), literal(2), literal(3)]),
      brainCut: boolean(),
      name: pipe(string(), minLength(1), maxLength(120)),
      note: optional(pipe(string(), maxLength(1000)), ''),
    }),
    { who: 'owner' },
  ).returns<null>(),
  /** Takes the newest verdict of the review queue on a defacing back; it stays in the log. */
  'triage.takeBack': call(strictObject({ defacingId: id }), { who: 'owner' }).returns<{
    readonly taken: boolean;
  }>(),
  /** Takes defacings made elsewhere: originals and defaced files matched by name, subject or grid, then measured. */
  'triage.takeGiven': call(
    strictObject({
      originals: path,
      defaced: path,
      /** Names who made them, in place of a tool. */
      label: optional(pipe(string(), minLength(1), maxLength(40)), 'elsewhere'),
    }),
    { who: 'owner' },
  ).returns<{ jobId: number }>(),
};

export interface TriageModelRow {
  readonly id: string;
  readonly name: string;
  readonly criterion: Criterion;
  readonly hash: string;
  /** Of this study's lab, or from a file. */
  readonly source: 'study' | 'file';
  readonly inUse: boolean;
  readonly tested: number;
  readonly persons: number;
  readonly insufficient: number;
}

export interface TriageRun {
  readonly id: number;
  readonly modelId: string;
  readonly modelHash: string;
  readonly modelName: string;
  readonly criterion: Criterion;
  readonly statement: RiskStatement;
  /** The guarantee in words, with everything it depends on. */
  readonly sentence: string;
  readonly counts: Readonly<Record<TriageDecision, number>>;
  /** Decided without a person, of all. */
  readonly decided: { readonly k: number; readonly n: number };
  readonly audited: number;
  readonly at: string;
}

export interface TriageRow {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly person: string;
  readonly tool: string;
  readonly contrast: string;
  readonly probability: number | null;
  readonly decision: TriageDecision;
  readonly reasons: readonly string[];
  readonly cost: number;
  /** Passed, and drawn for a look all the same. */
  readonly audit: boolean;
  /** The label people gave, as it is now. */
  readonly label: 0 | 1 | null;
  /** The defacing was made anew since. */
  readonly stale: boolean;
  /** Place in the review queue from 1; null for what needs no look. */
  readonly place: number | null;
}
