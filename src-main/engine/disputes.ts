import { isDisputed } from '../../src-shared/rating/finalLabel.ts';
import { criteria } from '../../src-shared/rating/verdict.ts';
import type { RoundItemRow } from '../store/roundItems.ts';
import type { Engine } from './engine.ts';
import { knownRound, newItemId } from './roundHandlers.ts';
import { roundRandom, sideOf } from './roundRandom.ts';

/**
 * Brings the adjudicator's list up to date with what was just said about one pair, or about all pairs of its scan where the
 * original was or is excluded. What is no longer disputed leaves the list unless it was rated; nothing rated is lost.
 * The order is drawn by seed, so that it does not tell in which order the others rated.
 */
export function refreshDisputes(engine: Engine, changed: RoundItemRow, wholeScan: boolean): void {
  const { rounds, items, verdicts } = engine;
  const { roundId, scanId } = changed;
  const raters = rounds.raters(roundId);
  const third = raters.find(({ place }) => place === 3);
  if (third === undefined || changed.accountId === third.accountId || changed.repeat) return;
  const round = knownRound(engine, roundId);
  const defacings = wholeScan ? rounds.defacingsOfScan(roundId, scanId) : [changed.defacingId];
  for (const defacingId of defacings) {
    const answer = (place: 1 | 2) =>
      verdicts.answerOf({
        roundId,
        accountId: raters.find((rater) => rater.place === place)?.accountId ?? '',
        defacingId,
        scanId,
      });
    const standing = { primary: [answer(1), answer(2)] as const, third: null, consensus: null };
    const disputed = criteria.some((criterion) => isDisputed(standing, criterion));
    const known = items.ofDefacing(roundId, third.accountId, defacingId);
    if (known !== null) items.setActive(known.id, disputed || known.verdictId !== null);
    else if (disputed) {
      const random = roundRandom(engine, round, `third ${defacingId}`);
      items.add({
        id: newItemId(),
        roundId,
        accountId: third.accountId,
        defacingId,
        scanId,
        repeat: false,
        position: random.nextUint32(),
        side: sideOf(round, random),
      });
    }
  }
}
