import type { Job, JobProgress } from '../../src-shared/domain/study.ts';

export type EngineEvent =
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'job-ended'; readonly job: Job };

/** Whether a newer event makes an older one, not yet heard, pointless: progress of the same job. */
export const replaces = (newer: AnyEvent, older: AnyEvent): boolean =>
  newer.progress !== undefined && newer.progress.jobId === older.progress?.jobId;

interface AnyEvent {
  readonly kind: string;
  readonly progress?: JobProgress;
}

/** Hands each event to everyone who listens. Of progress a slow listener gets the newest only. */
export function createEvents<Event extends AnyEvent = EngineEvent>() {
  const listeners = new Set<(event: Event) => void>();
  return {
    send: (event: Event): void => {
      for (const listener of listeners) listener(event);
    },
    listen: async function* (this: void, signal: AbortSignal): AsyncGenerator<Event> {
      let waiting: Event[] = [];
      let wake = (): void => undefined;
      const onEvent = (event: Event): void => {
        waiting = waiting.filter((old) => !replaces(event, old));
        waiting.push(event);
        wake();
      };
      const onAbort = (): void => wake();
      listeners.add(onEvent);
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted) {
          const next = waiting.shift();
          if (next !== undefined) yield next;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        listeners.delete(onEvent);
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
