import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, studyFileName, type Store } from '../../store/openStore.ts';
import { knownStudyKey, studyKey } from '../../store/studyKey.ts';

/** Opens a study for writing, made where there is none; nobody else writes to it until `work` has ended. */
export async function withStudy<T>(folder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(folder, { newStudyId: randomUUID });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The key of a study, which may be in use; drawn where it has none. Without a study one that is forgotten at the end. */
export async function keyFrom(studyFolder: string | undefined): Promise<string> {
  if (studyFolder === undefined) return randomBytes(32).toString('hex');
  if (existsSync(join(studyFolder, studyFileName))) {
    const store = openStore(studyFolder, { readOnly: true, newStudyId: () => '' });
    try {
      const known = knownStudyKey(store);
      if (known !== null) return known;
    } finally {
      store.close();
    }
  }
  return withStudy(studyFolder, (store) => Promise.resolve(studyKey(store)));
}
