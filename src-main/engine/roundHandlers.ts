import { randomBytes } from 'node:crypto';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type {
  RaterProgress,
  roundCalls,
  RoundOverview,
  RoundSummary,
} from '../../src-shared/api/roundCalls.ts';
import { outcomesWithDefacing } from '../../src-shared/domain/outcome.ts';
import { roundOrder } from '../../src-shared/rating/roundOrder.ts';
import type { RaterPlace } from '../../src-shared/rating/roundLabels.ts';
import { median } from '../../src-shared/stats/quantile.ts';
import { labelsOfRound } from '../store/labels.ts';
import type { Round, RoundRater } from '../store/rounds.ts';
import type { Engine } from './engine.ts';
import { signedIn } from './peopleHandlers.ts';
import { roundRandom, sideOf } from './roundRandom.ts';

interface Chosen {
  readonly id: string;
  readonly scanId: string;
}

/** Rounds: who rates which defacings in which order, and how far they are. */
export function roundHandlers(engine: Engine): HandlersOf<typeof roundCalls> {
  const { store, rounds, items, accounts, scans, derived, records, clock } = engine;

  const record = (kind: string, caller: Caller, body: unknown): void =>
    void records.append({ kind, accountId: caller.person?.id ?? null, at: clock.now(), body });

  /** Defacings that can be rated, by the names given; throws `scan-missing`, `tool-unknown`, `round-empty`. */
  function choose(scanIds: readonly string[] | undefined, tools: readonly string[] | undefined): Chosen[] {
    for (const id of scanIds ?? [])
      if (scans.byId(id) === null)
        throw new AppError('scan-missing', 'There is no such scan in this study.', { id });
    const wanted = scanIds === undefined ? null : new Set(scanIds);
    const ratable = derived
      .defacings()
      .filter(
        ({ scanId, outcome }) =>
          outcomesWithDefacing.includes(outcome) &&
          (wanted === null ? scans.byId(scanId)?.state === 'ok' : wanted.has(scanId)),
      );
    const chosen = ratable.filter(({ tool }) => tools === undefined || tools.includes(tool));
    if (chosen.length === 0) {
      throw new AppError(
        'round-empty',
        'Nothing of this can be rated: these scans have no finished defacing by these tools. Run the tools first.',
      );
    }
    return chosen.map(({ id, scanId }) => ({ id, scanId }));
  }

  /** Throws `rater-unfit` for somebody who cannot rate, `raters-alike` for one person in two places. */
  function requireRaters(ids: readonly string[]): void {
    if (new Set(ids).size < ids.length) {
      throw new AppError('raters-alike', 'Two primary raters and the adjudicator are different people.');
    }
    for (const id of ids) {
      const account = accounts.byId(id);
      if (account === null || account.retired || account.role === 'viewer') {
        throw new AppError('rater-unfit', 'Only owners and raters with an account in use can rate.');
      }
    }
  }

  /** Puts defacings at the end of a rater's list, in an order and with hidden repeats of their own. */
  function addItems(round: Round, accountId: string, chosen: readonly Chosen[], batch: number): void {
    const scanNumbers = new Map<string, number>();
    const numbered = chosen.map(({ scanId }, defacingId) => {
      if (!scanNumbers.has(scanId)) scanNumbers.set(scanId, scanNumbers.size);
      return { defacingId, scanId: scanNumbers.get(scanId) ?? 0 };
    });
    const random = roundRandom(engine, round, `order ${accountId} ${batch}`);
    const order = roundOrder(numbered, { seed: random.nextUint32(), repeatShare: round.repeatShare });
    let position = items.lastPosition(round.id, accountId) + 1;
    for (const { defacingId, repeat } of order) {
      const { id, scanId } = chosen[defacingId];
      items.add({
        id: newItemId(),
        roundId: round.id,
        accountId,
        defacingId: id,
        scanId,
        repeat,
        position: position++,
        side: sideOf(round, random),
      });
    }
  }

  function progressOf(round: Round, { accountId, name, place }: RoundRater): RaterProgress {
    const { total, open } = items.counts(round.id, accountId);
    const pace = engine.verdicts.pace(round.id, accountId);
    return {
      accountId,
      name,
      part: place === 3 ? 'third' : 'primary',
      done: total - open,
      total,
      medianViewingMs: pace.length === 0 ? null : median(pace.map(({ viewingMs }) => viewingMs)),
      lastAt: pace.at(-1)?.at ?? null,
      practised: engine.practices.practised(accountId),
    };
  }

  function overviewOf(round: Round, raters: readonly RaterProgress[], blind: boolean): RoundOverview {
    const defacings = rounds.defacings(round.id);
    const sizes = {
      scans: new Set(defacings.map(({ scanId }) => scanId)).size,
      defacings: defacings.length,
      raters,
    };
    if (blind) {
      const hidden = { disputed: null, waitingForThird: null, waitingForConsensus: null, settled: null };
      return { ...sizes, ...hidden, tools: null, unblinded: rounds.unblinded(round.id) };
    }
    const labels = labelsOfRound(store, round.id);
    const waiting = (who: string): number =>
      labels.filter(({ labels: { strict, lenient } }) =>
        [strict, lenient].some((label) => label.state === 'open' && label.waitsFor === who),
      ).length;
    return {
      ...sizes,
      tools: [...new Set(defacings.map(({ tool }) => tool))].sort(),
      disputed: labels.filter(({ disputed }) => disputed.length > 0).length,
      waitingForThird: waiting('third'),
      waitingForConsensus: waiting('consensus'),
      settled: labels.filter(
        ({ labels: { strict, lenient } }) => strict.state !== 'open' && lenient.state !== 'open',
      ).length,
      unblinded: rounds.unblinded(round.id),
    };
  }

  function summaryOf(round: Round, caller: Caller): RoundSummary {
    const raters = rounds.raters(round.id);
    const own = raters.find(({ accountId }) => accountId === caller.person?.id) ?? null;
    const owner = caller.person === null || caller.person.role === 'owner';
    const sees = owner || (!caller.blind && round.state === 'closed');
    const { frozenAt, frozenName, frozenBy, ...plain } = round;
    return {
      ...plain,
      part: own === null ? null : own.place === 3 ? 'third' : 'primary',
      mine: own === null ? null : progressOf(round, own),
      overview: sees
        ? overviewOf(
            round,
            raters.map((rater) => progressOf(round, rater)),
            caller.blind,
          )
        : null,
      frozen:
        frozenAt === null || frozenName === null
          ? null
          : { at: frozenAt, name: frozenName, by: frozenBy ?? '' },
    };
  }

  /** As after a change: whoever made it may have become blind by it. */
  const summaryNow = (roundId: string, caller: Caller): RoundSummary =>
    summaryOf(knownRound(engine, roundId), {
      ...caller,
      blind: caller.person !== null && rounds.isBlind(caller.person),
    });

  return {
    'criteria.list': () => {
      store.atOnce(() => rounds.newestText(clock.now()));
      return rounds.texts();
    },
    'criteria.add': ({ strict, lenient, guide }, caller) =>
      store.atOnce(() => {
        const { version } = rounds.newestText(clock.now());
        const text = { version: version + 1, strict, lenient, guide, at: clock.now() };
        rounds.addText(text);
        record('criterion-added', caller, text);
        return rounds.newestText(clock.now());
      }),
    'rounds.list': (_input, caller) =>
      rounds
        .list()
        .filter(
          ({ id, state }) =>
            caller.person === null ||
            caller.person.role === 'owner' ||
            (state === 'closed' && !caller.blind) ||
            rounds.raters(id).some(({ accountId }) => accountId === caller.person?.id),
        )
        .map((round) => summaryOf(round, caller)),
    'rounds.open': (input, caller) => {
      signedIn(caller);
      const chosen = choose(input.scanIds, input.tools);
      const people = [...input.primary, ...(input.third === null ? [] : [input.third])];
      requireRaters(people);
      const id = randomBytes(8).toString('hex');
      store.durably(() => {
        const newest = rounds.newestText(clock.now());
        const criterionVersion = input.criterionVersion ?? newest.version;
        if (!rounds.texts().some(({ version }) => version === criterionVersion))
          throw new AppError('criterion-missing', 'There is no criterion text of this version.');
        const round = {
          id,
          name: input.name.trim(),
          openedAt: clock.now(),
          criterionVersion,
          seed: input.seed ?? randomBytes(4).readUInt32LE(),
          repeatShare: input.repeatShare,
          minViewingMs: input.minViewingMs,
          originalSide: input.originalSide,
          practiceRequired: input.practiceRequired,
        };
        rounds.add(round);
        for (const [n, accountId] of people.entries()) rounds.addRater(id, (n + 1) as RaterPlace, accountId);
        for (const { id: defacingId, scanId } of chosen) rounds.addDefacing(id, defacingId, scanId);
        for (const accountId of input.primary) addItems(knownRound(engine, id), accountId, chosen, 0);
        record('round-opened', caller, {
          ...round,
          raters: people,
          defacings: chosen.map((each) => each.id),
        });
      });
      return summaryNow(id, caller);
    },
    'rounds.add': ({ roundId, scanIds, tools }, caller) => {
      const round = knownRound(engine, roundId);
      requireOpen(round);
      const before = rounds.defacings(roundId);
      const known = new Set(before.map(({ id }) => id));
      const chosen = choose(scanIds, tools ?? [...new Set(before.map(({ tool }) => tool))]).filter(
        ({ id }) => !known.has(id),
      );
      store.durably(() => {
        for (const { id, scanId } of chosen) rounds.addDefacing(roundId, id, scanId);
        for (const { accountId, place } of rounds.raters(roundId))
          if (place !== 3) addItems(round, accountId, chosen, before.length);
        if (chosen.length > 0)
          record('round-extended', caller, { roundId, defacings: chosen.map(({ id }) => id) });
      });
      return { added: chosen.length, round: summaryNow(roundId, caller) };
    },
    'rounds.close': ({ roundId }, caller) => {
      requireOpen(knownRound(engine, roundId));
      store.durably(() => {
        rounds.setState(roundId, 'closed', clock.now());
        record('round-closed', caller, { roundId });
      });
      return summaryNow(roundId, caller);
    },
    'rounds.reopen': ({ roundId, reason }, caller) => {
      const round = knownRound(engine, roundId);
      requireNotFrozen(round);
      if (round.state === 'closed')
        store.durably(() => {
          rounds.setState(roundId, 'open', null);
          record('round-reopened', caller, { roundId, reason });
        });
      return summaryNow(roundId, caller);
    },
    'rounds.unblind': ({ roundId, accountId, reason }, caller) => {
      knownRound(engine, roundId);
      if (accounts.byId(accountId) === null)
        throw new AppError('account-missing', 'There is no such account in this study.');
      store.durably(() => {
        rounds.unblind(roundId, accountId, clock.now(), reason);
        record('unblinded', caller, { roundId, accountId, reason });
      });
      return summaryNow(roundId, caller);
    },
  };
}

/** Random, so that it tells nothing of scan, tool or person. */
export const newItemId = (): string => randomBytes(12).toString('hex');

export function knownRound({ rounds }: Pick<Engine, 'rounds'>, roundId: string): Round {
  const round = rounds.byId(roundId);
  if (round === null) throw new AppError('round-missing', 'There is no such round in this study.');
  return round;
}

export function requireNotFrozen({ frozenAt }: Round): void {
  if (frozenAt === null) return;
  throw new AppError(
    'labels-frozen',
    'The final labels of this round are frozen. An owner can reopen them with a reason.',
  );
}

export function requireOpen(round: Round): void {
  requireNotFrozen(round);
  if (round.state === 'closed') {
    throw new AppError(
      'round-closed',
      'This round is closed. An owner can reopen it; what was rated is kept.',
    );
  }
}
