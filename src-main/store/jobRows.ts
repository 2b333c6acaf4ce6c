import type { Job, JobStep } from '../../src-shared/domain/study.ts';
import type { Store } from './openStore.ts';

type Row = Record<string, unknown>;

function toJob(row: Row): Job {
  return {
    id: row.id,
    kind: row.kind,
    input: JSON.parse(String(row.input)) as unknown,
    state: row.state,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    error: typeof row.error === 'string' ? (JSON.parse(row.error) as unknown) : null,
  } as Job;
}

/** Jobs and the steps they went through. */
export function jobRowsOf({ db }: Store) {
  const insert = db.prepare<[string, string, string]>(
    "INSERT INTO job (kind, input, state, started_at) VALUES (?, ?, 'running', ?)",
  );
  const finish = db.prepare<[string, string, string | null, number]>(
    'UPDATE job SET state = ?, ended_at = ?, error = ? WHERE id = ?',
  );
  const list = db.prepare<[], Row>('SELECT * FROM job ORDER BY id');
  const step = db.prepare(
    `INSERT OR REPLACE INTO job_step (job_id, subject, step, state, code, message, duration_ms)
     VALUES (@jobId, @subject, @step, @state, @code, @message, @durationMs)`,
  );
  const steps = db.prepare<[number], JobStep>(
    `SELECT subject, step, state, code, message, duration_ms AS durationMs FROM job_step WHERE job_id = ?
     ORDER BY subject, step`,
  );
  const stepsAfter = db.prepare<[number, number], JobStep & { number: number }>(
    `SELECT rowid AS number, subject, step, state, code, message, duration_ms AS durationMs FROM job_step
     WHERE job_id = ? AND rowid > ? ORDER BY rowid`,
  );
  const counts = db.prepare<[], { jobId: number; state: JobStep['state']; n: number }>(
    'SELECT job_id AS jobId, state, count(*) AS n FROM job_step GROUP BY job_id, state',
  );
  const interrupt = db.prepare("UPDATE job SET state = 'interrupted' WHERE state = 'running'");
  return {
    start: (kind: string, input: unknown, at: string): number =>
      Number(insert.run(kind, JSON.stringify(input), at).lastInsertRowid),
    finish: (id: number, state: Job['state'], at: string, error: Job['error']): void =>
      void finish.run(state, at, error === null ? null : JSON.stringify(error), id),
    list: (): Job[] => list.all().map(toJob),
    addStep: (jobId: number, row: JobStep): void => void step.run({ jobId, ...row }),
    steps: (jobId: number): JobStep[] => steps.all(jobId),
    /** Steps recorded after the one of this number, oldest first, each with its own. */
    stepsAfter: (jobId: number, number: number) => stepsAfter.all(jobId, number),
    stepCounts: () => counts.all(),
    /** Jobs that were running when their process ended. Called when a study is opened for writing. */
    markInterrupted: (): void => void interrupt.run(),
  };
}
