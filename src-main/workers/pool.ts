import { Worker } from 'node:worker_threads';
import { AppError } from '../../src-shared/api/appError.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** A task that has begun goes on all the same: short ones are not worth a new thread. */
  readonly letFinish?: boolean;
}

export interface Pool {
  readonly size: number;
  /** Runs a task of the worker with plain data. Rejects with the task's AppError, `worker-died`, or the signal's reason. */
  readonly run: (task: string, data: unknown, options?: RunOptions) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly task: string;
  readonly data: unknown;
  readonly signal: AbortSignal | undefined;
  readonly letFinish: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Seat {
  worker: Worker | null;
  current: Waiting | null;
}

const ownEntry = new URL('./worker.' + (import.meta.url.endsWith('.ts') ? 'ts' : 'js'), import.meta.url);

/**
 * `size` threads that each do one task at a time; others wait in line. A thread is started when it is first needed. One that
 * dies, or whose task is cancelled, is replaced by a fresh one: a task in the middle of arithmetic cannot listen, and files
 * are written whole or not at all, so ending its thread loses nothing.
 */
export function openPool({ size, entry = ownEntry }: { size: number; entry?: URL }): Pool {
  const seats: Seat[] = Array.from({ length: size }, () => ({ worker: null, current: null }));
  const line: Waiting[] = [];
  let closed = false;

  function startWorker(seat: Seat): Worker {
    const worker = new Worker(entry);
    // An idle thread does not keep the process alive; a task under way does.
    worker.unref();
    worker.on('message', (answer: FromWorker) => {
      const { current } = seat;
      if (current === null || seat.worker !== worker) return;
      seat.current = null;
      worker.unref();
      if (answer.ok) current.resolve(answer.value);
      else current.reject(toError(answer));
      next(seat);
    });
    let cause: unknown = null;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      if (seat.worker !== worker) return;
      const { current } = seat;
      seat.worker = null;
      seat.current = null;
      current?.reject(died(current.task, cause));
      next(seat);
    });
    return worker;
  }

  function next(seat: Seat): void {
    if (seat.current !== null || closed) return;
    const waiting = line.shift();
    if (waiting === undefined) return;
    if (waiting.signal?.aborted === true) {
      waiting.reject(waiting.signal.reason);
      next(seat);
      return;
    }
    seat.worker ??= startWorker(seat);
    seat.current = waiting;
    seat.worker.ref();
    seat.worker.postMessage({ task: waiting.task, data: waiting.data } satisfies ToWorker);
  }

  function cancel(waiting: Waiting): void {
    const at = line.indexOf(waiting);
    if (at >= 0) line.splice(at, 1);
    const seat = seats.find(({ current }) => current === waiting);
    if (seat !== undefined && waiting.letFinish) return;
    if (seat === undefined) {
      waiting.reject(waiting.signal?.reason);
      return;
    }
    const { worker } = seat;
    seat.worker = null;
    seat.current = null;
    // Only when the thread is gone has it stopped touching files.
    void worker?.terminate().finally(() => {
      waiting.reject(waiting.signal?.reason);
      next(seat);
    });
  }

  return {
    size,
    run: (task, data, { signal, letFinish = false } = {}) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new AppError('workers-closed', 'This study was closed while work was waiting.'));
          return;
        }
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = (): void => cancel(waiting);
        const settle =
          <Value>(then: (value: Value) => void) =>
          (value: Value): void => {
            signal?.removeEventListener('abort', onAbort);
            then(value);
          };
        const waiting: Waiting = {
          task,
          data,
          signal,
          letFinish,
          resolve: settle(resolve),
          reject: settle(reject),
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        line.push(waiting);
        const free = seats.find(({ current }) => current === null);
        if (free !== undefined) next(free);
      }),
    close: async () => {
      closed = true;
      const gone = new AppError('workers-closed', 'This study was closed while work was waiting.');
      for (const waiting of line.splice(0)) waiting.reject(gone);
      await Promise.all(
        seats.map(async (seat) => {
          const { worker, current } = seat;
          seat.worker = null;
          seat.current = null;
          current?.reject(gone);
          await worker?.terminate();
        }),
      );
    },
  };
}

function toError({ code, message, facts }: Extract<FromWorker, { ok: false }>): Error {
  return code === null ? new Error(message) : new AppError(code, message, facts);
}

function died(task: string, cause: unknown): AppError {
  const memory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return memory
    ? new AppError(
        'memory-full',
        'There is not enough memory for this image. Use fewer workers.',
        { task },
        { cause },
      )
    : new AppError(
        'worker-died',
        'The thread that did this step ended. Run the same again to retry it.',
        { task },
        { cause },
      );
}
