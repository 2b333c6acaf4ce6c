import type { Job, JobStep } from '../domain/study.ts';
import { call } from './call.ts';
import {
  array,
  integer,
  maxLength,
  minLength,
  minValue,
  number,
  pipe,
  strictObject,
  string,
} from './checks.ts';
import type { DefacingRow } from './contract.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const jobId = pipe(number(), integer(), minValue(1));
const cell = strictObject({ scanId: id, tool: id });

/** Watching and steering a run: cells under way, pause, one cell stopped, logs, and what ran before. */
export const batchCalls = {
  /** Steps recorded since the one numbered `after` (0 for all), and what is being worked on now. */
  'jobs.news': call(strictObject({ jobId, after: pipe(number(), integer(), minValue(0)) }), {
    who: 'reader',
  }).returns<JobNews>(),
  /** Begins nothing new until `jobs.resume`; steps under way come to their end. */
  'jobs.pause': call(strictObject({ jobId }), { who: 'any-owner' }).returns<{ paused: boolean }>(),
  'jobs.resume': call(strictObject({ jobId }), { who: 'any-owner' }).returns<{ resumed: boolean }>(),
  'jobs.archive': call(strictObject({}), { who: 'reader' }).returns<readonly ArchivedJob[]>(),
  /** Ends this cell of the run that goes on, or leaves it out when it has not begun; the rest goes on. */
  'runs.stopCell': call(cell, { who: 'owner' }).returns<{ stopped: boolean }>(),
  'defacings.of': call(strictObject({ scanIds: array(id) }), { who: 'reader' }).returns<
    readonly DefacingRow[]
  >(),
  'logs.cell': call(cell, { who: 'reader' }).returns<LogText>(),
  'logs.study': call(strictObject({}), { who: 'reader' }).returns<LogText>(),
};

/** A step being carried out now. */
export interface StepUnderWay {
  readonly scanId: string;
  readonly step: string;
  readonly seconds: number;
  /** 0 to 1 as far as a program tells it, else null. */
  readonly progress: number | null;
}

export interface JobNews {
  readonly steps: readonly JobStep[];
  /** Number of the newest step, to ask from. */
  readonly last: number;
  readonly underWay: readonly StepUnderWay[];
  readonly paused: boolean;
}

export interface ArchivedJob extends Job {
  readonly steps: { readonly done: number; readonly kept: number; readonly failed: number };
}

export interface LogText {
  /** At most 256 KiB, the end of what there is; empty for no log. */
  readonly text: string;
  /** Bytes before it that are left out. */
  readonly leftOut: number;
  /** Below the study folder; null for no log. */
  readonly path: string | null;
}
