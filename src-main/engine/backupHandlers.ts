import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { backupCalls } from '../../src-shared/api/backupCalls.ts';
import { listBackups, makeBackup } from './backups.ts';
import type { Engine } from './engine.ts';

/** Copies of the study's database. Putting one back needs the study closed, so that is a call of the window. */
export function backupHandlers({ store, records, clock }: Engine): HandlersOf<typeof backupCalls> {
  return {
    'backups.list': () => listBackups(store.folder),
    'backups.make': async (_input, caller) => {
      const backup = await makeBackup(store, { at: clock.now(), automatic: false });
      store.atOnce(() =>
        records.append({
          kind: 'backup-made',
          accountId: caller.person?.id ?? null,
          at: clock.now(),
          body: { name: backup.name, sha256: backup.sha256 },
        }),
      );
      return backup;
    },
  };
}
