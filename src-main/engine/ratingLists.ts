import { AppError } from '../../src-shared/api/appError.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { RatingItem, RatingQueue } from '../../src-shared/api/ratingCalls.ts';
import type { RoundItemRow } from '../store/roundItems.ts';
import type { Round } from '../store/rounds.ts';
import { lookOf } from '../store/verdicts.ts';
import type { Engine } from './engine.ts';
import { viewsBoth } from './itemViews.ts';
import { signedIn } from './peopleHandlers.ts';

/** Everybody's own list of a round: what is on it, what comes next, and how far he is. Nobody reaches another's. */
export function createRatingLists(engine: Engine) {
  const { rounds, items, verdicts, scans } = engine;

  function ownItem(itemId: string, caller: Caller): RoundItemRow {
    const person = signedIn(caller);
    const item = items.byId(itemId);
    if (item?.accountId !== person.id)
      throw new AppError('item-missing', 'There is no such pair on your list.');
    return item;
  }

  /** The round of a caller who rates in it. */
  function ownRound(roundId: string, caller: Caller): { round: Round; third: boolean } {
    const person = signedIn(caller);
    const round = rounds.byId(roundId);
    const own = rounds.raters(roundId).find(({ accountId }) => accountId === person.id);
    if (round === null || own === undefined)
      throw new AppError('round-missing', 'There is no such round in which you rate.');
    return { round, third: own.place === 3 };
  }

  const practiceDue = (round: Round, accountId: string): boolean =>
    round.practiceRequired && !engine.practices.practised(accountId);

  function show(row: RoundItemRow, round: Round, position: number): RatingItem {
    const standing = row.verdictId === null ? null : verdicts.byId(row.verdictId);
    const place = items.place(row.accountId ?? '', row.roundId);
    return {
      id: row.id,
      roundId: row.roundId,
      position,
      originalSide: row.side,
      decided: standing === null ? null : lookOf(standing),
      draft: place?.itemId === row.id ? place.look : null,
      criterionVersion: round.criterionVersion,
      minViewingMs: round.minViewingMs,
      views: viewsBoth(engine, row),
      shape: scans.byId(row.scanId)?.image?.shape ?? null,
    };
  }

  /** A primary rater's list is fixed; the third's grows, so places are counted as they are decided. */
  function positionOf(row: RoundItemRow, third: boolean, openBefore = 0): number {
    if (!third) return row.position + 1;
    const { roundId, accountId } = row;
    if (accountId === null) return 1;
    const standing = row.verdictId === null ? null : verdicts.byId(row.verdictId);
    if (standing !== null) return verdicts.rankOf({ roundId, accountId, seq: standing.recordSeq });
    const { total, open } = items.counts(roundId, accountId);
    return total - open + 1 + openBefore;
  }

  function queueOf(
    { round, third }: { round: Round; third: boolean },
    caller: Caller,
    ahead: number,
  ): RatingQueue {
    const { id: accountId } = signedIn(caller);
    const { total, open, later } = items.counts(round.id, accountId);
    const last = verdicts.newestStanding(round.id, accountId);
    const due = practiceDue(round, accountId);
    const rest = { done: total - open, total, later, practiceDue: due };
    if (due || round.state === 'closed') return { item: null, ahead: [], ...rest, canUndo: false };
    const rows = items.open(round.id, accountId, ahead + 8);
    const place = items.place(accountId, round.id);
    const kept = place === null ? null : items.byId(place.itemId);
    const begun = kept !== null && items.isOpen(kept) ? kept : null;
    const lastScan = last === null ? null : (items.byId(last.itemId)?.scanId ?? null);
    // A pair that was begun comes first even where it shows the head just seen.
    const waiting =
      begun === null ? spread(rows, lastScan) : [begun, ...rows.filter(({ id }) => id !== begun.id)];
    const [item = null, ...following] = waiting
      .slice(0, ahead + 1)
      .map((row, n) => show(row, round, positionOf(row, third, n)));
    return { item, ahead: following, ...rest, canUndo: last !== null };
  }

  return { ownItem, ownRound, practiceDue, show, positionOf, queueOf };
}

/** Moves the first pair of another scan to the front where the next would show the head just seen. */
function spread(rows: readonly RoundItemRow[], lastScan: string | null): RoundItemRow[] {
  if (rows[0]?.scanId !== lastScan) return [...rows];
  const other = rows.find(({ scanId, later }) => scanId !== lastScan && later === rows[0].later);
  return other === undefined ? [...rows] : [other, ...rows.filter((row) => row !== other)];
}
