import type { Defacing, FeatureValue, Job, JobStep, Prepared, RawOutput, Scan } from '../domain/study.ts';
import type { LauncherChoice, SettingValue } from '../domain/settings.ts';
import type { Suspicion } from '../suspects/suspicion.ts';
import type { Outcome } from '../domain/outcome.ts';
import { batchCalls } from './batchCalls.ts';
import { call } from './call.ts';
import { exportCalls } from './exportCalls.ts';
import { patternCalls } from './patternCalls.ts';
import { personsCalls } from './personsCalls.ts';
import { settingsCalls } from './settingsCalls.ts';
import { choiceCalls } from './choiceCalls.ts';
import { reportCalls } from './reportCalls.ts';
import { triageCalls } from './triageCalls.ts';
import {
  array,
  boolean,
  integer,
  maxLength,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  record,
  strictObject,
  string,
  union,
} from './checks.ts';
import { dicomCalls } from './dicomCalls.ts';
import { importCalls } from './importCalls.ts';
import { xnatCalls } from './xnatCalls.ts';

import { labCalls } from './labCalls.ts';
import { agreementCalls } from './agreementCalls.ts';
import { backupCalls } from './backupCalls.ts';
import { practiceCalls } from './practiceCalls.ts';
import { labelCalls, type RecordsCheck } from './labelCalls.ts';
import { ratingCalls } from './ratingCalls.ts';
import { roundCalls } from './roundCalls.ts';
import { peopleCalls } from './peopleCalls.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const path = pipe(string(), minLength(1), maxLength(4096));
const jobId = pipe(number(), integer(), minValue(1));
const settings = record(string(), union([string(), number(), boolean()]));

/** Every call of the product: what it takes, and what it answers. */
export const contract = {
  ...labCalls,
  ...patternCalls,
  ...personsCalls,
  ...settingsCalls,
  ...peopleCalls,
  ...exportCalls,
  ...roundCalls,
  ...ratingCalls,
  ...labelCalls,
  ...agreementCalls,
  ...triageCalls,
  ...practiceCalls,
  ...backupCalls,
  ...choiceCalls,
  ...reportCalls,
  'study.summary': call(strictObject({}), { who: 'reader' }).returns<StudySummary>(),
  'study.verify': call(strictObject({}), { who: 'reader' }).returns<Verification>(),
  'tools.list': call(strictObject({}), { who: 'reader' }).returns<readonly ToolSummary[]>(),
  'scans.list': call(strictObject({}), { who: 'reader' }).returns<readonly Scan[]>(),
  'scans.passedOver': call(strictObject({}), { who: 'reader' }).returns<readonly PassedOver[]>(),
  'scans.prepared': call(strictObject({ scanId: id }), { who: 'reader' }).returns<Prepared | null>(),
  'scans.suspected': call(strictObject({}), { who: 'reader' }).returns<readonly SuspectedScan[]>(),
  'defacings.list': call(strictObject({}), { who: 'reader' }).returns<readonly DefacingRow[]>(),
  'imports.start': call(strictObject({ input: path }), { who: 'owner' }).returns<{ jobId: number }>(),
  'runs.start': call(
    strictObject({
      /** Folder to import first; without one the scans already in the study are worked on. */
      input: optional(path),
      tools: array(id),
      settings: optional(record(string(), settings)),
      /** Do cells again that failed before. */
      retry: optional(boolean()),
      /** Where a tool fails, try its other settings in turn. */
      ladder: optional(boolean()),
      /** Leave out tools that are not here, and say so in the job's log, instead of giving their cells that outcome. */
      skipMissing: optional(boolean()),
      /** Take up 4D files with one mask for all volumes, or files without orientation; kept as settings of the study. */
      takeUp4d: optional(boolean()),
      takeUpWithoutOrientation: optional(boolean()),
    }),
    { who: 'owner' },
  ).returns<{ jobId: number }>(),
  /** Joins the parts of a data set that were worked on one person at a time into this study. */
  'parts.merge': call(strictObject({ input: path, parts: path }), { who: 'owner' }).returns<{
    jobId: number;
  }>(),
  'jobs.list': call(strictObject({}), { who: 'reader' }).returns<readonly Job[]>(),
  'jobs.steps': call(strictObject({ jobId }), { who: 'reader' }).returns<readonly JobStep[]>(),
  'jobs.cancel': call(strictObject({ jobId }), { who: 'any-owner' }).returns<{ cancelled: boolean }>(),
  'jobs.wait': call(strictObject({ jobId }), { who: 'reader' }).returns<Job>(),
  ...batchCalls,
  ...importCalls,
  ...dicomCalls,
  ...xnatCalls,
};

export interface StudySummary {
  readonly studyId: string;
  readonly software: string;
  readonly scansByState: Readonly<Partial<Record<string, number>>>;
  readonly passedOver: number;
  readonly defacingsByTool: Readonly<Record<string, Readonly<Partial<Record<Outcome, number>>>>>;
  readonly featureIds: readonly string[];
}

export interface ToolSummary {
  readonly id: string;
  readonly title: string;
  readonly kind: 'built-in' | 'program';
  /** null where it does not say, or is not there. */
  readonly version: string | null;
  /** Everything it needs is here. */
  readonly available: boolean;
  readonly path: string | null;
  /** null for what comes with this program. */
  readonly licence: string | null;
  readonly missing: readonly string[];
  /** The one command or page that mends what is missing. */
  readonly mend: string | null;
  readonly needsBrain: boolean;
  readonly needsT1: boolean;
  /** What can be set and what it is unless set: the tool's own values. */
  readonly defaults: Readonly<Record<string, SettingValue>>;
  /** The same with what is set for this machine and study. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** How it is started; null for what comes with this program. */
  readonly launcher: LauncherChoice['kind'] | null;
  readonly timeoutMinutes: number | null;
}

export interface SuspectedScan {
  readonly scanId: string;
  readonly suspicions: readonly Suspicion[];
}

export interface PassedOver {
  readonly relativePath: string;
  readonly reason: string;
  readonly sentence: string;
}

export interface DefacingRow extends Defacing {
  readonly features: readonly FeatureValue[];
  /** The face was replaced by another one, not taken away. */
  readonly refaced: boolean;
  /** The same features of what the program itself wrote, before our own step; null for built-in tools and carried masks. */
  readonly raw: RawOutput | null;
}

export interface Verification {
  readonly files: number;
  readonly problems: readonly {
    /** Below the study folder. */
    readonly path: string;
    readonly problem: 'missing' | 'changed' | 'unreadable';
  }[];
  /** The log of ratings, sign-ins, exports and the like. */
  readonly records: RecordsCheck;
}
