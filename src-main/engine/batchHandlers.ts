import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { batchCalls, LogText } from '../../src-shared/api/batchCalls.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import { defacingRow } from './defacingRows.ts';
import type { Engine } from './engine.ts';

/** At most this much of a log is shown, its end. */
const mostLogBytes = 256 * 1024;
const noLog: LogText = { text: '', leftOut: 0, path: null };

export function batchHandlers(engine: Engine): HandlersOf<typeof batchCalls> {
  const { jobs, jobRows, derived, cells, clock } = engine;
  return {
    'jobs.news': ({ jobId, after }) => {
      const rows = jobRows.stepsAfter(jobId, after);
      return {
        steps: rows.map(({ subject, step, state, code, message, durationMs }) => ({
          ...{ subject, step, state, code, message, durationMs },
        })),
        last: rows.at(-1)?.number ?? after,
        underWay: cells.list(),
        paused: jobs.isPaused(jobId),
      };
    },
    'jobs.pause': ({ jobId }) => ({ paused: jobs.pause(jobId) }),
    'jobs.resume': ({ jobId }) => ({ resumed: jobs.resume(jobId) }),
    'jobs.archive': () => {
      const counts = jobRows.stepCounts();
      const of = (id: number, state: string): number =>
        counts.find((row) => row.jobId === id && row.state === state)?.n ?? 0;
      return jobRows.list().map((job) => ({
        ...job,
        steps: { done: of(job.id, 'done'), kept: of(job.id, 'kept'), failed: of(job.id, 'failed') },
      }));
    },
    'runs.stopCell': ({ scanId, tool }) => {
      const running = jobRows.list().some(({ state }) => state === 'running');
      if (running) cells.stop(scanId, `deface ${tool}`);
      return { stopped: running };
    },
    'defacings.of': ({ scanIds }) =>
      scanIds.flatMap((id) => derived.defacingsOf(id)).map((defacing) => defacingRow(engine, defacing)),
    'logs.cell': async ({ scanId, tool }) => {
      const path = derived.defacing(scanId, tool)?.provenance.logPath ?? null;
      if (path !== null) return endOf(engine, path);
      // A step that failed by itself has left its lines in the log of the study.
      const own = await endOf(engine, dayLog(clock.now()));
      const lines = own.text
        .split('\n')
        .filter(
          (line) => line.includes(`"${scanId}"`) && (line.includes('"prepare"') || line.includes(tool)),
        );
      return lines.length === 0 ? noLog : { ...own, text: lines.join('\n') };
    },
    'logs.study': () => endOf(engine, dayLog(clock.now())),
  };
}

const dayLog = (now: string): string => `logs/${now.slice(0, 10)}.jsonl`;

async function endOf({ store }: Engine, path: string): Promise<LogText> {
  const full = join(store.folder, path);
  const size = await stat(full).then(
    (facts) => facts.size,
    () => null,
  );
  if (size === null) return noLog;
  const leftOut = Math.max(0, size - mostLogBytes);
  const file = await open(full, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - leftOut), 0, size - leftOut, leftOut);
    return { text: buffer.subarray(0, bytesRead).toString('utf8'), leftOut, path };
  } finally {
    await file.close();
  }
}
