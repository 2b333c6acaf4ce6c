import type { Role } from '../../src-shared/api/caller.ts';
import type { Store } from './openStore.ts';

/** Rounds of rating, who takes part in them and what each person has to look at. */
export function roundsOf({ db }: Store) {
  const blinding = db.prepare<{ id: string; role: string }, { n: number }>(
    `SELECT count(*) AS n FROM round WHERE state = 'open'
     AND (@role = 'rater' OR EXISTS (SELECT 1 FROM round_rater r WHERE r.round_id = round.id AND r.account_id = @id))
     AND NOT EXISTS (SELECT 1 FROM round_unblinded u WHERE u.round_id = round.id AND u.account_id = @id)`,
  );
  return {
    /** Whether this person must not see tools, scores, persons or verdicts of others now. */
    isBlind: ({ id, role }: { id: string; role: Role }): boolean => (blinding.get({ id, role })?.n ?? 0) > 0,
  };
}
