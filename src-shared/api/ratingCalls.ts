import type { ExclusionReason, Look, Remain, Verdict } from '../rating/verdict.ts';
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
  record,
  strictObject,
  string,
  union,
  unknown,
} from './checks.ts';
import { exclusionReasons, remains } from '../rating/verdict.ts';
import { look } from './lookChecks.ts';

const id = pipe(string(), minLength(1), maxLength(64));
/** Made by the client, once for each decision: the same again after a crash or a lost answer changes nothing. */
const clientId = pipe(string(), minLength(16), maxLength(64));
const ahead = optional(pipe(number(), integer(), minValue(0), maxValue(8)), 2);

/** One rater's own work in a round: what comes next, verdicts, corrections; then the consensus session. */
export const ratingCalls = {
  'ratings.next': call(strictObject({ roundId: id, ahead }), { who: 'rater' }).returns<RatingQueue>(),
  /** Any of the caller's own items, to go back to it. */
  'ratings.item': call(strictObject({ itemId: id }), { who: 'rater' }).returns<RatingItem>(),
  /** All of the caller's items in their order, with what was decided. */
  'ratings.mine': call(strictObject({ roundId: id }), { who: 'rater' }).returns<readonly OwnItem[]>(),
  /**
   * Records a verdict or an exclusion; on disk before it answers. A second one on the same item corrects the first.
   * Refused: `look-incomplete`, `too-soon`, `round-closed`, `labels-frozen`.
   */
  'ratings.commit': call(
    strictObject({
      id: clientId,
      itemId: id,
      look,
      /** How long the pair was in view, the window shown and unlocked. */
      viewingMs: pipe(number(), minValue(0), maxValue(86_400_000)),
      /** How the pair was drawn (mode, sizes, window level ...), kept with the verdict. */
      render: record(string(), unknown()),
      ahead,
    }),
    { who: 'rater' },
  ).returns<{ readonly verdictId: string; readonly at: string; readonly queue: RatingQueue }>(),
  /** Takes the caller's last committed verdict of this round back (a record of its own) and answers its item and look. */
  'ratings.undo': call(strictObject({ id: clientId, roundId: id }), { who: 'rater' }).returns<{
    readonly item: RatingItem;
    readonly look: Look;
  }>(),
  /** Not a verdict: the item comes again at the end. */
  'ratings.later': call(strictObject({ itemId: id, ahead }), { who: 'rater' }).returns<RatingQueue>(),
  /** Keeps the place and a half-made look over sign-out, lock, reload and restart. */
  'ratings.keepPlace': call(strictObject({ itemId: id, look: nullable(look) }), {
    who: 'rater',
  }).returns<null>(),
  /** What the two or three could not settle, all sides shown without names. Refused while rating goes on. */
  'consensus.list': call(strictObject({ roundId: id }), { who: 'rater' }).returns<readonly ConsensusItem[]>(),
  'consensus.decide': call(
    strictObject({
      id: clientId,
      itemId: id,
      verdict: nullable(union([literal(1), literal(2), literal(3)])),
      exclusion: nullable(picklist(exclusionReasons)),
      remains: array(picklist(remains)),
      brainCut: boolean(),
      sentence: pipe(string(), minLength(3), maxLength(2000)),
    }),
    { who: 'rater' },
  ).returns<readonly ConsensusItem[]>(),
};

/**
 * One pair to look at, under an id that tells nothing. Its bytes, with the session as `?session=` or X-Session:
 * `item/<id>/view/original/<view>`, `item/<id>/view/defaced/<view>` (PNG), and as the bytes of the Compare screen
 * `item/<id>/volume`, `item/<id>/brain`, `item/<id>/removed`, `item/<id>/surface/original`, `item/<id>/surface/defaced`,
 * `item/<id>/depth`.
 */
export interface RatingItem {
  readonly id: string;
  readonly roundId: string;
  /** Place in the caller's order, from 1. */
  readonly position: number;
  readonly originalSide: 'left' | 'right';
  /** What stands, when the caller decided it before. */
  readonly decided: Look | null;
  /** A look begun and kept. */
  readonly draft: Look | null;
  readonly criterionVersion: number;
  readonly minViewingMs: number;
  /** Views that exist; fewer than five only where files are missing. */
  readonly views: readonly string[];
  readonly shape: readonly [number, number, number] | null;
}

export interface RatingQueue {
  /** What to look at now; null when nothing waits. */
  readonly item: RatingItem | null;
  /** Those after it, to fetch their pictures early. */
  readonly ahead: readonly RatingItem[];
  readonly done: number;
  readonly total: number;
  /** Put off and still to do. */
  readonly later: number;
  /** Whether there is a verdict of the caller to undo. */
  readonly canUndo: boolean;
  /** Practice comes first. */
  readonly practiceDue: boolean;
}

export interface OwnItem {
  readonly itemId: string;
  readonly position: number;
  readonly state: 'open' | 'later' | 'done' | 'excluded-with-original';
  readonly look: Look | null;
  readonly at: string | null;
}

export interface ConsensusItem {
  /** Serves the same bytes as a rating item. */
  readonly itemId: string;
  readonly originalSide: 'left' | 'right';
  readonly views: readonly string[];
  /** Under which criteria it is disputed; both for a dispute about exclusion. */
  readonly disputed: readonly ('strict' | 'lenient')[];
  /** In an order drawn for this item, so that A is not always the same person. */
  readonly sides: readonly {
    readonly letter: 'A' | 'B' | 'C';
    readonly verdict: Verdict | null;
    readonly exclusion: ExclusionReason | null;
    readonly remains: readonly Remain[];
    readonly brainCut: boolean;
    readonly note: string;
    readonly confidence: 1 | 2 | 3 | null;
  }[];
  readonly decision: ConsensusDecision | null;
}

export interface ConsensusDecision {
  readonly verdict: Verdict | null;
  readonly exclusion: ExclusionReason | null;
  readonly remains: readonly Remain[];
  readonly brainCut: boolean;
  readonly sentence: string;
  readonly at: string;
}
