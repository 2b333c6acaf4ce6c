import { call } from './call.ts';
import {
  array,
  boolean,
  integer,
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
  tuple,
} from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const reason = pipe(string(), minLength(3), maxLength(1000));
const text = pipe(string(), minLength(10), maxLength(8000));

/** On which side of the screen the original stands; `random` draws one for each item. */
export const originalSides = ['left', 'right', 'random'] as const;
export type OriginalSide = (typeof originalSides)[number];

/** Rounds of rating, and the words of the criteria they use. */
export const roundCalls = {
  'criteria.list': call(strictObject({}), { who: 'member' }).returns<readonly CriterionText[]>(),
  /** A new version; rounds that are open keep theirs. */
  'criteria.add': call(strictObject({ strict: text, lenient: text, guide: text }), {
    who: 'any-owner',
  }).returns<CriterionText>(),
  /** An owner sees every round; a rater those he rates in, with his own progress only; a viewer none that is open. */
  'rounds.list': call(strictObject({}), { who: 'member' }).returns<readonly RoundSummary[]>(),
  'rounds.open': call(
    strictObject({
      name: pipe(string(), minLength(1), maxLength(120)),
      /** All scans taken up, unless given. */
      scanIds: optional(array(id)),
      /** All tools with a defacing, unless given. */
      tools: optional(array(id)),
      /** Accounts of the two primary raters. */
      primary: tuple([id, id]),
      /** Account of who adjudicates; without one, disagreements go to the consensus session. */
      third: nullable(id),
      /** The newest, unless given. */
      criterionVersion: optional(pipe(number(), integer(), minValue(1))),
      /** Drawn, unless given. */
      seed: optional(pipe(number(), integer(), minValue(0), maxValue(2 ** 32 - 1))),
      /** Share of hidden second looks. */
      repeatShare: optional(pipe(number(), minValue(0), maxValue(1)), 0.1),
      minViewingMs: optional(pipe(number(), integer(), minValue(0), maxValue(600_000)), 2000),
      originalSide: optional(picklist(originalSides), 'left'),
      practiceRequired: optional(boolean(), false),
    }),
    { who: 'any-owner' },
  ).returns<RoundSummary>(),
  /** More scans or tools into a round; what was rated stays as it is. */
  'rounds.add': call(
    strictObject({ roundId: id, scanIds: optional(array(id)), tools: optional(array(id)) }),
    { who: 'any-owner' },
  ).returns<{ readonly added: number; readonly round: RoundSummary }>(),
  'rounds.close': call(strictObject({ roundId: id }), { who: 'any-owner' }).returns<RoundSummary>(),
  'rounds.reopen': call(strictObject({ roundId: id, reason }), {
    who: 'any-owner',
  }).returns<RoundSummary>(),
  /** Lets one person see, in spite of this open round. Logged with the reason, and shown with the round for ever. */
  'rounds.unblind': call(strictObject({ roundId: id, accountId: id, reason }), {
    who: 'any-owner',
  }).returns<RoundSummary>(),
};

export interface CriterionText {
  readonly version: number;
  readonly strict: string;
  readonly lenient: string;
  /** How to look, in a few sentences. */
  readonly guide: string;
  readonly createdAt: string;
}

export interface RoundSummary {
  readonly id: string;
  readonly name: string;
  readonly state: 'open' | 'closed';
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly criterionVersion: number;
  readonly minViewingMs: number;
  readonly originalSide: OriginalSide;
  readonly practiceRequired: boolean;
  readonly repeatShare: number;
  readonly seed: number;
  /** How the caller takes part; null for an onlooker. */
  readonly part: 'primary' | 'third' | null;
  /** The caller's own, where he takes part. */
  readonly mine: RaterProgress | null;
  /** For owners, and for others who are not blind once the round is closed; else null. */
  readonly overview: RoundOverview | null;
  readonly frozen: { readonly at: string; readonly name: string; readonly by: string } | null;
}

export interface RoundOverview {
  readonly scans: number;
  readonly defacings: number;
  readonly raters: readonly RaterProgress[];
  readonly unblinded: readonly { readonly name: string; readonly at: string; readonly reason: string }[];
  /** From here on null for an owner who is blind. */
  readonly tools: readonly string[] | null;
  /** Disputed under at least one criterion, or about exclusion. */
  readonly disputed: number | null;
  readonly waitingForThird: number | null;
  readonly waitingForConsensus: number | null;
  readonly settled: number | null;
}

export interface RaterProgress {
  readonly accountId: string;
  readonly name: string;
  readonly part: 'primary' | 'third';
  /** Items with a standing verdict, repeats included, and those excluded with their original. */
  readonly done: number;
  /** For the third: disputes so far. */
  readonly total: number;
  /** Median, of standing verdicts; null for none. */
  readonly medianViewingMs: number | null;
  readonly lastAt: string | null;
  readonly practised: boolean;
}
