import type { Criterion, Verdict } from '../rating/verdict.ts';
import type { AuditState } from '../triage/auditSample.ts';
import type { DriftFinding } from '../triage/drift.ts';
import type { ByRegion } from '../regions/faceRegion.ts';
import type { MatchedHow } from '../triage/matchPairs.ts';
import type { OutsideKind } from '../triage/outsideFindings.ts';
import type { CoveragePoint } from '../triage/riskCoverage.ts';
import type { RiskStatement } from '../triage/riskStatement.ts';
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
  nullable,
  number,
  optional,
  picklist,
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
  /** Files below a folder that hold a model, and those named like one that do not. */
  'triage.findModels': call(strictObject({ folder: path }), { who: 'owner' }).returns<readonly ModelFile[]>(),
  'triage.addModel': call(strictObject({ path }), { who: 'owner' }).returns<TriageModelRow>(),
  /** A model of this study with what it was tested on, as a file for another one. */
  'triage.packModel': call(strictObject({ modelId: id }), { who: 'owner' }).returns<{
    readonly name: string;
    readonly text: string;
  }>(),
  /** What a risk would bring: thresholds, coverage, miss and escape, and the curve they lie on. Decides nothing. */
  'triage.statement': call(strictObject(request), { who: 'reader' }).returns<{
    readonly statement: RiskStatement;
    readonly curve: readonly CoveragePoint[];
    /** Tested defacings by their probability, in twenty equal bins. */
    readonly bins: { readonly adequate: readonly number[]; readonly insufficient: readonly number[] };
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
    { who: 'reader' },
  ).returns<readonly NextRow[]>(),
  /** `new` looks only at persons the model was not tested on: a later batch. */
  'triage.drift': call(strictObject({ runId, batch: optional(picklist(['new', 'all']), 'new') }), {
    who: 'reader',
  }).returns<DriftState>(),
  'triage.audit': call(strictObject({ runId }), { who: 'reader' }).returns<
    AuditState & {
      /** Persons that have to be looked at without a miss to state the risk of the run for what was passed. */
      readonly needed: number;
    }
  >(),
  /** Draws so many more of the passed ones at random for people to look at. Answers how many there were to draw. */
  'triage.drawAudit': call(
    strictObject({ runId, count: pipe(number(), integer(), minValue(1), maxValue(1000)) }),
    { who: 'owner' },
  ).returns<{ readonly drawn: number }>(),
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
  /** Which original each defaced file would be matched with; nothing is taken. `originals` null: those of the study. */
  'triage.matchGiven': call(strictObject({ originals: nullable(path), defaced: path }), {
    who: 'owner',
  }).returns<GivenMatch>(),
  /** Takes defacings made elsewhere: originals and defaced files matched by name, subject or grid, then measured. */
  'triage.takeGiven': call(
    strictObject({
      originals: nullable(path),
      defaced: path,
      /** Names who made them, in place of a tool. */
      label: optional(pipe(string(), minLength(1), maxLength(40)), 'elsewhere'),
      /** Defaced files, below their folder, that stay out. */
      leaveOut: optional(array(path), []),
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

export interface ModelFile {
  readonly path: string;
  readonly name: string;
  /** null where it is a model. */
  readonly problem: string | null;
  readonly criterion: Criterion | null;
  /** Tested defacings it brings along. */
  readonly tested: number;
}

/** What can be told of any defacing beside what became of it. */
export interface DefacingFacts {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly person: string;
  readonly tool: string;
  readonly contrast: string;
  readonly site: string | null;
  /** Share of each region of the face that is left, 0 to 1; null where it could not be judged. */
  readonly regions: ByRegion<number | null>;
  readonly brainLossMl: number | null;
  readonly headLossPct: number | null;
  /** What was said of it in the review queue last. */
  readonly said: {
    readonly verdict: Verdict;
    readonly brainCut: boolean;
    readonly name: string;
    readonly note: string;
    readonly at: string;
  } | null;
}

/** One of those whose label would teach the model most. */
export interface NextRow extends DefacingFacts {
  readonly probability: number | null;
}

export interface DriftState {
  readonly findings: readonly DriftFinding[];
  readonly personsBefore: number;
  readonly personsNow: number;
  /** Fewer persons than this on either side say nothing. */
  readonly least: number;
}

export interface GivenMatch {
  readonly pairs: readonly {
    readonly original: string;
    readonly defaced: string;
    readonly how: MatchedHow;
    /** Another defaced file was matched with the same original: only one can be taken. */
    readonly doubled: boolean;
  }[];
  readonly unmatched: readonly { readonly defaced: string; readonly reason: string }[];
  /** Originals without a defaced file. */
  readonly alone: readonly string[];
}

export interface TriageRow extends DefacingFacts {
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
  /** What of it the model was never trained on, where that is why it was held. */
  readonly outside: readonly { readonly kind: OutsideKind; readonly what: string }[];
  /** Place in the review queue from 1; null for what needs no look. */
  readonly place: number | null;
}
