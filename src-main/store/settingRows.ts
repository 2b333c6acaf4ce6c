import type { StudySettings } from '../../src-shared/domain/settings.ts';
import type { Store } from './openStore.ts';

/** What is set for a study, a row a setting. */
export function settingRowsOf({ db, atOnce }: Store) {
  const all = db.prepare<[], { name: string; value: string }>(
    'SELECT name, value FROM setting ORDER BY name',
  );
  const clear = db.prepare('DELETE FROM setting');
  const put = db.prepare<[string, string]>('INSERT INTO setting (name, value) VALUES (?, ?)');
  return {
    read: (): StudySettings =>
      Object.fromEntries(all.all().map(({ name, value }) => [name, JSON.parse(value) as unknown])),
    /** Replaces all of them. */
    save: (settings: StudySettings): void =>
      atOnce(() => {
        clear.run();
        for (const [name, value] of Object.entries(settings))
          if (value !== undefined) put.run(name, JSON.stringify(value));
      }),
  };
}
