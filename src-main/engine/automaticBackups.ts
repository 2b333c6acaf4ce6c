import type { Store } from '../store/openStore.ts';
import { makeBackup } from './backups.ts';
import type { Log } from './log.ts';

const everyVerdicts = 50;

/**
 * A copy of the study after every fifty verdicts or decisions, made while work goes on. One that fails is told to the log and
 * tried again with the next verdict: rating never waits for it.
 */
export function createAutomaticBackups(store: Store, { now, log }: { now: () => string; log: Log }) {
  let since = 0;
  let running: Promise<void> | null = null;
  return {
    /** Something was rated. */
    note(): void {
      since++;
      if (since < everyVerdicts || running !== null) return;
      since = 0;
      running = makeBackup(store, { at: now(), automatic: true })
        .then(({ bytes }) => log('backup-made', { bytes }))
        .catch((error: unknown) => {
          since = everyVerdicts;
          log('backup-failed', {
            code: error instanceof Error && 'code' in error ? error.code : 'unexpected',
          });
        })
        .finally(() => {
          running = null;
        });
    },
    /** When no copy is under way. */
    settled: async (): Promise<void> => {
      await running;
    },
  };
}

export type AutomaticBackups = ReturnType<typeof createAutomaticBackups>;
