import type { Look, Remain, Verdict } from '../rating/verdict.ts';
import { call } from './call.ts';
import {
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  strictObject,
  string,
} from './checks.ts';
import { look } from './lookChecks.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const place = pipe(number(), integer(), minValue(1), maxValue(100));

/** Practice on invented heads whose truth is known. */
export const practiceCalls = {
  /** Begins a round of ten; its heads are made once a study, by a job where they are not there yet. */
  'practice.start': call(strictObject({ seed: optional(pipe(number(), integer(), minValue(0))) }), {
    who: 'rater',
  }).returns<PracticeRound>(),
  /** The caller's rounds, newest first. */
  'practice.list': call(strictObject({}), { who: 'rater' }).returns<readonly PracticeRound[]>(),
  'practice.answer': call(
    strictObject({ practiceId: id, n: place, look, viewingMs: pipe(number(), minValue(0)) }),
    {
      who: 'rater',
    },
  ).returns<PracticeExplanation>(),
};

export interface PracticeRound {
  readonly id: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly total: number;
  readonly answered: number;
  /** The job that makes the heads; null when they are there. */
  readonly jobId: number | null;
  /** Place of the next item, from 1; null at the end. Bytes: `practice/<id>/<n>/view/original/<view>` and so on. */
  readonly next: number | null;
  /** Whether the pictures of the next item are made already. */
  readonly nextReady: boolean;
  /** At the end: how many of `total` the caller had right. */
  readonly result: {
    readonly strict: number;
    readonly lenient: number;
    readonly verdicts: number;
    readonly brain: number;
  } | null;
  /** Items answered, with their explanation. */
  readonly explained: readonly PracticeExplanation[];
}

export interface PracticeExplanation {
  readonly n: number;
  readonly given: Look;
  readonly truth: {
    readonly verdict: Verdict;
    readonly remains: readonly Remain[];
    readonly brainCut: boolean;
  };
  readonly right: boolean;
  /** Surviving share of each region's skin, 0 to 1. */
  readonly regions: readonly {
    readonly region: Remain;
    readonly share: number;
    readonly state: 'gone' | 'trace' | 'present';
  }[];
  readonly brainLossMl: number;
  /** Why, in a few sentences. */
  readonly sentences: readonly string[];
}
