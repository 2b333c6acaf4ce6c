import { randomBytes } from 'node:crypto';
import type { Store } from './openStore.ts';

const name = 'hash-key';

/** The key of a study as it is now; null where it has none yet. Works on a study that is only looked at. */
export function knownStudyKey(store: Store): string | null {
  const row = store.db
    .prepare<[string], { value: string }>('SELECT value FROM study WHERE name = ?')
    .get(name);
  return row?.value ?? null;
}

/**
 * The secret that person, visit and series hashes of a study are made with: 32 random bytes as 64 hexadecimal digits,
 * drawn once and kept in the study only. Scans of one person join inside the study and with nothing outside it; whoever
 * has the study file can test a guessed identity, so it is as confidential as the originals.
 */
export function studyKey(store: Store): string {
  return store.atOnce(() => {
    const known = knownStudyKey(store);
    if (known !== null) return known;
    const key = randomBytes(32).toString('hex');
    store.db.prepare('INSERT INTO study (name, value) VALUES (?, ?)').run(name, key);
    return key;
  });
}
