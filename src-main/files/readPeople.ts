import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBidsRows, parseParticipants } from '../../src-shared/domain/participants.ts';
import { scrubColumns, type TableFacts } from '../../src-shared/domain/persons.ts';

export interface People {
  /** By label without `sub-`; as the table has it, since what it names is what may not leave with an export. */
  readonly persons: ReadonlyMap<string, TableFacts>;
  readonly sessions: readonly {
    readonly person: string;
    readonly session: string;
    readonly columns: TableFacts;
  }[];
}

/**
 * What `participants.tsv` and each `sub-…/sub-…_sessions.tsv` tell of people, in this folder or in a data set right below
 * it. Of sessions, names, days and free text are left out. A table that is missing or has no key column tells nothing.
 */
export async function readPeople(folder: string): Promise<People> {
  const persons = new Map<string, TableFacts>();
  const sessions: { person: string; session: string; columns: TableFacts }[] = [];
  const below = await foldersIn(folder);
  for (const dataSet of ['', ...below.filter((name) => !name.startsWith('sub-'))]) {
    const root = join(folder, dataSet);
    for (const [label, columns] of parseParticipants(await textOf(join(root, 'participants.tsv'))) ?? [])
      if (!persons.has(label)) persons.set(label, columns);
    const subjects = dataSet === '' ? below : await foldersIn(root);
    for (const name of subjects.filter((each) => each.startsWith('sub-'))) {
      const rows = parseBidsRows(
        await textOf(join(root, name, `${name}_sessions.tsv`)),
        'session_id',
        'ses-',
      );
      for (const [session, columns] of rows ?? [])
        sessions.push({ person: name.slice(4), session, columns: scrubColumns(columns) });
    }
  }
  return { persons, sessions };
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
