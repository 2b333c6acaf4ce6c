import type { Job, JobProgress } from '../../src-shared/domain/study.ts';

export type EngineEvent =
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'job-ended'; readonly job: Job };

/** Hands each event to everyone who listens. Of progress a slow listener gets the newest only. */
export function createEvents() {
  const listeners = new Set<(event: EngineEvent) => void>();
  return {
    send: (event: EngineEvent): void => {
      for (const listener of listeners) listener(event);
    },
    async *listen(signal: AbortSignal): AsyncGenerator<EngineEvent> {
      let waiting: EngineEvent[] = [];
      let wake = (): void => undefined;
      const onEvent = (event: EngineEvent): void => {
        if (event.kind === 'progress')
          waiting = waiting.filter(
            (old) => old.kind !== 'progress' || old.progress.jobId !== event.progress.jobId,
          );
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
