import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { ConsensusItem, ratingCalls } from '../../src-shared/api/ratingCalls.ts';
import { incomplete } from '../../src-shared/rating/verdict.ts';
import type { DefacingLabels } from '../../src-shared/rating/roundLabels.ts';
import { shuffle, type SeededRandom } from '../../src-shared/stats/random.ts';
import { labelsOfRound } from '../store/labels.ts';
import type { RoundItemRow } from '../store/roundItems.ts';
import type { Round } from '../store/rounds.ts';
import { decisionBody, type StoredDecision } from '../store/verdicts.ts';
import type { Engine } from './engine.ts';
import { viewsBoth } from './itemViews.ts';
import { signedIn } from './peopleHandlers.ts';
import { knownRound, newItemId, requireOpen } from './roundHandlers.ts';
import { roundRandom, sideOf } from './roundRandom.ts';

type ConsensusCalls = Pick<typeof ratingCalls, 'consensus.list' | 'consensus.decide'>;

/** The session in which raters settle together what neither agreement nor majority settled. Nobody's name is shown. */
export function consensusHandlers(engine: Engine): HandlersOf<ConsensusCalls> {
  const { store, rounds, items, verdicts, records, clock } = engine;

  /** For raters of the round and owners, when everybody has rated what is on his list. */
  function sessionOf(roundId: string, caller: Caller): { round: Round; open: DefacingLabels[] } {
    const person = signedIn(caller);
    const round = knownRound(engine, roundId);
    const raters = rounds.raters(roundId);
    if (person.role !== 'owner' && !raters.some(({ accountId }) => accountId === person.id))
      throw new AppError('round-missing', 'There is no such round in which you rate.');
    const left = raters.reduce((sum, { accountId }) => sum + items.counts(roundId, accountId).open, 0);
    if (left > 0) {
      throw new AppError(
        'rating-unfinished',
        'The consensus session begins when everybody has rated everything on his list.',
        { left },
      );
    }
    const decided = new Set(verdicts.decisions(roundId).map(({ defacingId }) => defacingId));
    const open = labelsOfRound(store, roundId).filter(
      ({ defacingId, labels: { strict, lenient } }) =>
        decided.has(defacingId) ||
        [strict, lenient].some((label) => label.state === 'open' && label.waitsFor === 'consensus'),
    );
    return { round, open };
  }

  /** Made when the session first comes to it; belongs to nobody's list. */
  function itemOf(round: Round, { defacingId, scanId }: DefacingLabels): RoundItemRow {
    const known = items.ofDefacing(round.id, null, defacingId);
    if (known !== null) return known;
    const random = roundRandom(engine, round, `consensus ${defacingId}`);
    const item = {
      id: newItemId(),
      roundId: round.id,
      accountId: null,
      defacingId,
      scanId,
      repeat: false,
      position: random.nextUint32(),
      side: sideOf(round, random),
    } as const;
    items.add(item);
    return { ...item, later: 0, verdictId: null };
  }

  function list(roundId: string, caller: Caller): ConsensusItem[] {
    const { round, open } = sessionOf(roundId, caller);
    const decisions = new Map(verdicts.decisions(roundId).map((decision) => [decision.defacingId, decision]));
    return store
      .atOnce(() => open.map((labels) => ({ labels, item: itemOf(round, labels) })))
      .sort((a, b) => a.item.position - b.item.position)
      .map(({ labels, item }) => ({
        itemId: item.id,
        originalSide: item.side,
        views: viewsBoth(engine, item),
        disputed: labels.disputed,
        sides: sidesOf(labels, roundRandom(engine, round, `letters ${labels.defacingId}`)),
        decision: shown(decisions.get(labels.defacingId)),
      }));
  }

  return {
    'consensus.list': ({ roundId }, caller) => list(roundId, caller),
    'consensus.decide': ({ id, itemId, ...decision }, caller) => {
      const person = signedIn(caller);
      const item = items.byId(itemId);
      if (item?.accountId !== null)
        throw new AppError('item-missing', 'There is no such pair in this session.');
      const { roundId, defacingId } = item;
      sessionOf(roundId, caller);
      const before = verdicts.decisionById(id);
      if (before !== null) {
        if (before.accountId === person.id && before.defacingId === defacingId) return list(roundId, caller);
        throw new AppError(
          'id-used',
          'This was sent under a name that is used already. Reload the page and decide again.',
        );
      }
      requireOpen(knownRound(engine, roundId));
      const lacks = incomplete({ ...decision, note: decision.sentence, confidence: null });
      if (lacks !== null) throw new AppError('look-incomplete', lacks);
      const at = clock.now();
      store.durably(() => {
        const row = { id, roundId, defacingId, accountId: person.id, ...decision, at };
        const recordSeq = records.append({
          kind: 'consensus',
          accountId: person.id,
          at,
          body: decisionBody(row),
        });
        verdicts.decide({ ...row, recordSeq });
      });
      return list(roundId, caller);
    },
  };
}

const letters = ['A', 'B', 'C'] as const;

/** Who said what, without who: the letters are dealt anew for every pair. */
function sidesOf({ looks, standing }: DefacingLabels, random: SeededRandom): ConsensusItem['sides'] {
  const { primary, third } = standing;
  const said = [...primary, third].flatMap((answer, n) =>
    answer === null ? [] : [{ ...answer, look: looks[n] }],
  );
  return shuffle(said, random).map(({ verdict, exclusion, look }, n) => ({
    letter: letters[n],
    verdict,
    exclusion,
    remains: look?.remains ?? [],
    brainCut: look?.brainCut ?? false,
    note: look?.note ?? '',
    confidence: look?.confidence ?? null,
  }));
}

function shown(decision: StoredDecision | undefined): ConsensusItem['decision'] {
  if (decision === undefined) return null;
  const { verdict, exclusion, remains, brainCut, sentence, at } = decision;
  return { verdict, exclusion, remains, brainCut, sentence, at };
}
