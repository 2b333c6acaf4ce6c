import { AppError } from '../../src-shared/api/appError.ts';
import type { Job, JobProgress, JobStep } from '../../src-shared/domain/study.ts';
import type { jobRowsOf } from '../store/jobRows.ts';

/** What a job's work is given. */
export interface JobContext {
  readonly jobId: number;
  /** Down goes the wish to stop … */
  readonly signal: AbortSignal;
  /** … and up comes how far it is. */
  readonly report: (progress: Omit<JobProgress, 'jobId'>) => void;
  readonly addStep: (step: JobStep) => void;
  /** Waits while the job is paused; asked before each step that begins. Throws when it is stopped meanwhile. */
  readonly gate: () => Promise<void>;
}

export interface JobsOptions {
  readonly rows: ReturnType<typeof jobRowsOf>;
  /** UTC now, ISO 8601. */
  readonly now: () => string;
  readonly onProgress: (progress: JobProgress) => void;
  readonly onEnd: (job: Job, error: unknown) => void;
}

/** Long work: one job at a time of a kind, each with its row, its steps, progress and a way to stop it. */
export function createJobs({ rows, now, onProgress, onEnd }: JobsOptions) {
  const running = new Map<number, { kind: string; stop: AbortController; end: Promise<Job> }>();
  const paused = new Map<number, PromiseWithResolvers<void>>();
  const jobOf = (id: number): Job => {
    const job = rows.list().find((row) => row.id === id);
    if (job === undefined) throw new AppError('job-missing', 'There is no such job in this study.', { id });
    return job;
  };

  async function carryOut(id: number, stop: AbortController, work: (context: JobContext) => Promise<void>) {
    let state: Job['state'] = 'done';
    let failure: unknown = null;
    try {
      await work({
        jobId: id,
        signal: stop.signal,
        report: (progress) => onProgress({ jobId: id, ...progress }),
        addStep: (step) => rows.addStep(id, step),
        gate: async () => {
          await paused.get(id)?.promise;
          stop.signal.throwIfAborted();
        },
      });
      stop.signal.throwIfAborted();
    } catch (error) {
      failure = error;
      state = stop.signal.aborted ? 'cancelled' : 'failed';
    }
    rows.finish(id, state, now(), state === 'failed' ? errorOf(failure) : null);
    running.delete(id);
    paused.delete(id);
    const job = jobOf(id);
    onEnd(job, failure);
    return job;
  }

  return {
    /** Throws `job-running` while another of this kind runs. */
    start(kind: string, input: unknown, work: (context: JobContext) => Promise<void>): number {
      if ([...running.values()].some((job) => job.kind === kind)) {
        throw new AppError(
          'job-running',
          'The same job is running in this study. Wait for its end or stop it.',
          { kind },
        );
      }
      const id = rows.start(kind, input, now());
      const stop = new AbortController();
      // Begins after this call has answered, so that whoever asked knows the number first.
      const end = Promise.resolve().then(() => carryOut(id, stop, work));
      running.set(id, { kind, stop, end });
      return id;
    },
    cancel(id: number): boolean {
      const job = running.get(id);
      job?.stop.abort(
        new AppError('cancelled', 'This job was stopped. The same again goes on where it was.'),
      );
      paused.get(id)?.resolve();
      return job !== undefined;
    },
    pause(id: number): boolean {
      if (running.has(id) && !paused.has(id)) paused.set(id, Promise.withResolvers());
      return paused.has(id);
    },
    resume(id: number): boolean {
      paused.get(id)?.resolve();
      return paused.delete(id);
    },
    isPaused: (id: number): boolean => paused.has(id),
    wait: (id: number): Promise<Job> => running.get(id)?.end ?? Promise.resolve(jobOf(id)),
    async stopAll(): Promise<void> {
      for (const id of running.keys()) this.cancel(id);
      await Promise.all([...running.values()].map(({ end }) => end));
    },
  };
}

function errorOf(error: unknown): { code: string; message: string } {
  return error instanceof AppError
    ? { code: error.code, message: error.message }
    : {
        code: 'unexpected',
        message: 'Something went wrong that should not. The log of the study says more.',
      };
}
