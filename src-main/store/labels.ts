import type { LabelRow } from '../../src-shared/api/labelCalls.ts';
import { roundLabels, type DefacingLabels } from '../../src-shared/rating/roundLabels.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { Store } from './openStore.ts';
import { roundsOf, type Round } from './rounds.ts';
import { verdictsOf } from './verdicts.ts';

/** What a round came to so far, one entry a defacing. */
export function labelsOfRound(store: Store, roundId: string): DefacingLabels[] {
  const rounds = roundsOf(store);
  const verdicts = verdictsOf(store);
  return roundLabels({
    defacings: rounds.defacings(roundId),
    looks: verdicts.standing(roundId),
    consensus: new Map(verdicts.decisions(roundId).map((decision) => [decision.defacingId, decision])),
    hasThird: rounds.raters(roundId).some(({ place }) => place === 3),
  });
}

interface DefacingRow {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly person: string;
  readonly tool: string;
  readonly inputKey: string;
}

const noLabel = { state: 'open', waitsFor: 'round' } as const;

/**
 * The label that counts for every defacing of the study, one row a defacing and both criteria in it, ready to be joined with
 * features by `defacingId`. Rounds that are frozen come before closed ones and those before open ones, newer before older;
 * labels made elsewhere fill what no round decided. `counts` says which rounds may be chosen from (default: all). Positive (1) is
 * insufficient.
 */
export function labelsOf(store: Store, counts: (round: Round) => boolean = () => true): LabelRow[] {
  const rounds = roundsOf(store);
  const verdicts = verdictsOf(store);
  const rank = ({ frozenAt, state }: Round): number => (frozenAt !== null ? 0 : state === 'closed' ? 1 : 2);
  const ranked = rounds
    .list()
    .filter(counts)
    .sort((a, b) => rank(a) - rank(b));
  const chosen = new Map<string, { round: Round; found: DefacingLabels }>();
  const seen = new Map<string, Set<string>>();
  for (const round of ranked) {
    for (const found of labelsOfRound(store, round.id)) {
      const before = chosen.get(found.defacingId);
      const settled = ({ labels }: DefacingLabels): number =>
        Object.values(labels).filter(({ state }) => state !== 'open').length;
      if (before === undefined || settled(found) > settled(before.found))
        chosen.set(found.defacingId, { round, found });
    }
    for (const { defacingId, defacingKey } of verdicts.keysSeen(round.id)) {
      const id = `${round.id} ${defacingId}`;
      seen.set(id, (seen.get(id) ?? new Set()).add(defacingKey));
    }
  }
  // A label from a verdict of the review queue knows which image it was given on; one made elsewhere does not.
  const imported = new Map(
    store.db
      .prepare<[], { id: string; criterion: Criterion; label: 0 | 1; seenKey: string | null }>(
        `SELECT l.defacing_id AS id, l.criterion, l.label, v.defacing_key AS seenKey
         FROM imported_label l LEFT JOIN triage_verdict v ON v.record_seq = l.record_seq`,
      )
      .all()
      .map(({ id, criterion, label, seenKey }) => [`${id} ${criterion}`, { label, seenKey }]),
  );
  return defacingsOf(store).map(({ inputKey, ...row }) => {
    const { round, found } = chosen.get(row.defacingId) ?? { round: null, found: null };
    const labelOf = (criterion: Criterion): LabelRow[Criterion] => {
      const rated = found?.labels[criterion];
      const given = imported.get(`${row.defacingId} ${criterion}`);
      if (rated !== undefined && (rated.state !== 'open' || given === undefined)) return rated;
      return given === undefined ? noLabel : { state: 'final', label: given.label, by: 'import' };
    };
    const both = [labelOf('strict'), labelOf('lenient')];
    const given = both.filter((label) => label.state === 'final' && label.by === 'import').length;
    const seenKey = imported.get(`${row.defacingId} lenient`)?.seenKey ?? null;
    const keys = round === null ? undefined : seen.get(`${round.id} ${row.defacingId}`);
    return {
      ...row,
      strict: labelOf('strict'),
      lenient: labelOf('lenient'),
      roundId: round?.id ?? null,
      frozen: round !== null && round.frozenAt !== null,
      stale:
        (given > 0 && seenKey !== null && seenKey !== inputKey) ||
        (given < 2 && keys !== undefined && !(keys.size === 1 && keys.has(inputKey))),
    };
  });
}

function defacingsOf({ db }: Store): DefacingRow[] {
  return db
    .prepare<[], DefacingRow>(
      `SELECT d.id AS defacingId, d.scan_id AS scanId, s.name AS scan, p.label AS person, d.tool, d.input_key AS inputKey
       FROM defacing d JOIN scan s ON s.id = d.scan_id JOIN person p ON p.id = s.person_id ORDER BY s.name, d.tool`,
    )
    .all();
}
