import type { Look } from '../../src-shared/rating/verdict.ts';
import type { Store } from './openStore.ts';

/** A round of practice of one person; without an account it is of the one who uses the study. */
export interface Practice {
  readonly id: string;
  readonly accountId: string | null;
  readonly seed: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface PracticeAnswer {
  readonly n: number;
  readonly look: Look;
}

/** Practice rounds and what was answered in them. */
export function practicesOf({ db }: Store) {
  const columns = 'id, account_id AS accountId, seed, started_at AS startedAt, finished_at AS finishedAt';
  const add = db.prepare('INSERT INTO practice (id, account_id, seed, started_at) VALUES (?, ?, ?, ?)');
  const byId = db.prepare<[string], Practice>(`SELECT ${columns} FROM practice WHERE id = ?`);
  const of = db.prepare<[string | null], Practice>(
    `SELECT ${columns} FROM practice WHERE account_id IS ? ORDER BY started_at DESC, rowid DESC`,
  );
  const finished = db.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM practice WHERE account_id = ? AND finished_at IS NOT NULL',
  );
  const finish = db.prepare('UPDATE practice SET finished_at = ? WHERE id = ?');
  const answer = db.prepare(
    'INSERT INTO practice_answer (practice_id, n, look, viewing_ms, at) VALUES (?, ?, ?, ?, ?)',
  );
  const answers = db.prepare<[string], { n: number; look: string }>(
    'SELECT n, look FROM practice_answer WHERE practice_id = ? ORDER BY n',
  );
  return {
    add: (row: { id: string; accountId: string | null; seed: number; at: string }): void =>
      void add.run(row.id, row.accountId, row.seed, row.at),
    byId: (id: string): Practice | null => byId.get(id) ?? null,
    /** Newest first. */
    of: (accountId: string | null): Practice[] => of.all(accountId),
    /** Whether this person has finished a practice round. */
    practised: (accountId: string): boolean => (finished.get(accountId)?.n ?? 0) > 0,
    finish: (id: string, at: string): void => void finish.run(at, id),
    answer: (id: string, row: PracticeAnswer & { viewingMs: number; at: string }): void =>
      void answer.run(id, row.n, JSON.stringify(row.look), row.viewingMs, row.at),
    answers: (id: string): PracticeAnswer[] =>
      answers.all(id).map(({ n, look }) => ({ n, look: JSON.parse(look) as Look })),
  };
}

export type Practices = ReturnType<typeof practicesOf>;
