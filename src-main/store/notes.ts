import type { Store } from './openStore.ts';

/** A small text of the study by its name, such as a switch; null where it was never written. */
export function noteOf({ db }: Store, name: string) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM study WHERE name = ?');
  const write = db.prepare(
    'INSERT INTO study (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    read: (): string | null => read.get(name)?.value ?? null,
    write: (value: string): void => void write.run(name, value),
  };
}
