import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { OwnItem, ratingCalls } from '../../src-shared/api/ratingCalls.ts';
import { incomplete, type Look } from '../../src-shared/rating/verdict.ts';
import type { RoundItemRow } from '../store/roundItems.ts';
import { lookOf, verdictBody, type StoredVerdict } from '../store/verdicts.ts';
import { consensusHandlers } from './consensusHandlers.ts';
import { refreshDisputes } from './disputes.ts';
import type { Engine } from './engine.ts';
import { signedIn } from './peopleHandlers.ts';
import { createRatingLists } from './ratingLists.ts';
import { requireOpen } from './roundHandlers.ts';

const nothing: Look = {
  verdict: null,
  exclusion: null,
  remains: [],
  brainCut: false,
  note: '',
  confidence: null,
};

/** One person's rating: the next pair, verdicts, corrections, undo. Everybody reaches only what is on his own list. */
export function ratingHandlers(engine: Engine): HandlersOf<typeof ratingCalls> {
  const { store, items, verdicts, records, derived, clock, software } = engine;
  const { ownItem, ownRound, practiceDue, show, positionOf, queueOf } = createRatingLists(engine);

  /** What came in before under this id, when it was this person's and about the same; anything else is another's id. */
  function repeated(
    id: string,
    accountId: string,
    fits: (row: StoredVerdict) => boolean,
  ): StoredVerdict | null {
    const before = verdicts.byId(id);
    if (before === null) return null;
    if (before.accountId === accountId && fits(before)) return before;
    throw new AppError(
      'id-used',
      'This was sent under a name that is used already. Reload the page and decide again.',
    );
  }

  function write(row: Omit<StoredVerdict, 'recordSeq'>): void {
    const { at, accountId } = row;
    const recordSeq = records.append({ kind: 'verdict', accountId, at, body: verdictBody(row) });
    verdicts.add({ ...row, recordSeq });
  }

  return {
    'ratings.next': ({ roundId, ahead }, caller) => queueOf(ownRound(roundId, caller), caller, ahead),
    'ratings.item': ({ itemId }, caller) => {
      const row = ownItem(itemId, caller);
      const { round, third } = ownRound(row.roundId, caller);
      return show(row, round, positionOf(row, third));
    },
    'ratings.mine': ({ roundId }, caller) => {
      const { third } = ownRound(roundId, caller);
      const rows = items.list(roundId, signedIn(caller).id);
      const standing = new Map(
        verdicts
          .ofRound(roundId)
          .filter(({ stands }) => stands)
          .map((verdict) => [verdict.id, verdict]),
      );
      const excluded = new Set(
        rows
          .filter(
            ({ verdictId, repeat }) => !repeat && (standing.get(verdictId ?? '')?.exclusion ?? null) !== null,
          )
          .map(({ scanId }) => scanId),
      );
      const seqOf = (row: RoundItemRow): number => standing.get(row.verdictId ?? '')?.recordSeq ?? Infinity;
      const ordered = third
        ? rows.toSorted((a, b) => (seqOf(a) === seqOf(b) ? 0 : seqOf(a) - seqOf(b)))
        : rows;
      return ordered.map((row, n): OwnItem => {
        const verdict = standing.get(row.verdictId ?? '');
        const waiting = row.later > 0 ? 'later' : 'open';
        return {
          itemId: row.id,
          position: n + 1,
          state:
            verdict !== undefined ? 'done' : excluded.has(row.scanId) ? 'excluded-with-original' : waiting,
          look: verdict === undefined ? null : lookOf(verdict),
          at: verdict?.at ?? null,
        };
      });
    },
    'ratings.commit': ({ id, itemId, look, viewingMs, render, ahead }, caller) => {
      const { id: accountId } = signedIn(caller);
      const row = ownItem(itemId, caller);
      const own = ownRound(row.roundId, caller);
      const before = repeated(id, accountId, (verdict) => verdict.itemId === itemId && !verdict.withdrawal);
      if (before !== null) return { verdictId: id, at: before.at, queue: queueOf(own, caller, ahead) };
      const { round } = own;
      requireOpen(round);
      if (practiceDue(round, accountId))
        throw new AppError(
          'practice-first',
          'This round asks for practice first. Finish a practice round, then rate.',
        );
      const lacks = incomplete(look);
      if (lacks !== null) throw new AppError('look-incomplete', lacks);
      if (row.verdictId === null && viewingMs < round.minViewingMs) {
        throw new AppError(
          'too-soon',
          `Look at each pair for at least ${(round.minViewingMs / 1000).toFixed(1)} seconds before you decide.`,
          { minViewingMs: round.minViewingMs },
        );
      }
      const at = clock.now();
      const replaced = row.verdictId === null ? null : verdicts.byId(row.verdictId);
      store.durably(() => {
        write({
          id,
          roundId: round.id,
          itemId,
          accountId,
          defacingId: row.defacingId,
          defacingKey: derived.defacingById(row.defacingId)?.inputKey ?? '',
          withdrawal: false,
          supersedes: row.verdictId,
          ...look,
          viewingMs,
          criterionVersion: round.criterionVersion,
          render,
          software,
          at,
        });
        items.stand(itemId, id, look.exclusion !== null && !row.repeat);
        items.leavePlace(accountId, row);
        refreshDisputes(engine, row, look.exclusion !== null || (replaced?.exclusion ?? null) !== null);
      });
      engine.automaticBackups.note();
      return { verdictId: id, at, queue: queueOf(own, caller, ahead) };
    },
    'ratings.undo': ({ id, roundId }, caller) => {
      const { id: accountId } = signedIn(caller);
      const { round, third } = ownRound(roundId, caller);
      const before = repeated(id, accountId, (verdict) => verdict.withdrawal && verdict.roundId === roundId);
      const last =
        before === null
          ? verdicts.newestStanding(roundId, accountId)
          : verdicts.byId(before.supersedes ?? '');
      if (last === null)
        throw new AppError('nothing-to-undo', 'You have no verdict in this round to take back.');
      if (before === null) {
        requireOpen(round);
        store.durably(() => {
          write({
            ...last,
            ...nothing,
            id,
            withdrawal: true,
            supersedes: last.id,
            viewingMs: 0,
            render: {},
            software,
            at: clock.now(),
          });
          const row = ownItem(last.itemId, caller);
          const again = last.supersedes === null ? null : verdicts.byId(last.supersedes);
          items.stand(row.id, again?.id ?? null, (again?.exclusion ?? null) !== null && !row.repeat);
          items.keepPlace(accountId, row, lookOf(last));
          refreshDisputes(engine, row, last.exclusion !== null || (again?.exclusion ?? null) !== null);
        });
      }
      const row = ownItem(last.itemId, caller);
      return { item: show(row, round, positionOf(row, third)), look: lookOf(last) };
    },
    'ratings.later': ({ itemId, ahead }, caller) => {
      const row = ownItem(itemId, caller);
      const own = ownRound(row.roundId, caller);
      requireOpen(own.round);
      store.atOnce(() => {
        items.putOff(row);
        items.leavePlace(signedIn(caller).id, row);
      });
      return queueOf(own, caller, ahead);
    },
    'ratings.keepPlace': ({ itemId, look }, caller) => {
      items.keepPlace(signedIn(caller).id, ownItem(itemId, caller), look);
      return null;
    },
    ...consensusHandlers(engine),
  };
}
