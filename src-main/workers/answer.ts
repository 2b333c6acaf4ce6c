import { parentPort, type Transferable } from 'node:worker_threads';
import { AppError } from '../../src-shared/api/appError.ts';
import type { FromWorker, ToWorker } from './messages.ts';

type Task = (data: never) => unknown;

/**
 * In a worker thread: answers every message with the task of its name. Plain data in, plain data out. What of an answer
 * is handed over instead of copied is told by `transferred`: large buffers no task keeps.
 */
export function answer(
  tasks: Readonly<Record<string, Task>>,
  transferred: (value: never) => Transferable[] = () => [],
): void {
  const port = parentPort;
  if (port === null) throw new Error('answer belongs into a worker thread');
  port.on('message', ({ task, data }: ToWorker) => {
    void run(tasks, task, data).then((message) =>
      port.postMessage(message, message.ok ? transferred(message.value as never) : []),
    );
  });
}

async function run(tasks: Readonly<Record<string, Task>>, name: string, data: unknown): Promise<FromWorker> {
  try {
    if (!Object.hasOwn(tasks, name)) throw new Error(`no task named ${name}`);
    return { ok: true, value: await tasks[name](data as never) };
  } catch (error) {
    if (error instanceof AppError)
      return { ok: false, code: error.code, message: error.message, facts: error.facts };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, code: null, message, facts: {} };
  }
}
