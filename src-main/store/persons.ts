import type { Person, TableFacts } from '../../src-shared/domain/persons.ts';
import { personFacts, scrubColumns } from '../../src-shared/domain/persons.ts';
import type { Store } from './openStore.ts';
import { idOf } from './scans.ts';

type Row = Record<'id' | 'label' | 'facts', string> & { scans: number };
const columnsOf = (facts: string): TableFacts => JSON.parse(facts) as TableFacts;

/** People and their sessions, with what tables tell of them. */
export function personsOf({ db, studyId, atOnce }: Store) {
  const all = db.prepare<[], Row>(
    `SELECT person.id, person.label, person.facts,
       (SELECT count(*) FROM scan WHERE scan.person_id = person.id AND scan.state = 'ok') AS scans
     FROM person ORDER BY person.label`,
  );
  const sessions = db.prepare<[], { person_id: string; label: string; facts: string }>(
    'SELECT person_id, label, facts FROM session ORDER BY person_id, label',
  );
  const addPerson = db.prepare(
    `INSERT INTO person (id, label, facts) VALUES (?, ?, ?) ON CONFLICT (label) DO UPDATE SET facts = excluded.facts`,
  );
  const known = db.prepare<[string], { id: string }>('SELECT id FROM person WHERE label = ?');
  const addSession = db.prepare(
    `INSERT INTO session (person_id, label, facts) VALUES (?, ?, ?)
     ON CONFLICT (person_id, label) DO UPDATE SET facts = excluded.facts`,
  );
  function list(): Person[] {
    const bySession = Map.groupBy(sessions.all(), (row) => row.person_id);
    return all.all().map(({ id, label, facts, scans }) => ({
      id,
      label,
      ...personFacts(columnsOf(facts)),
      columns: scrubColumns(columnsOf(facts)),
      sessions: (bySession.get(id) ?? []).map((row) => ({ label: row.label, columns: columnsOf(row.facts) })),
      scans,
    }));
  }
  return {
    list,
    /** What today's tables say of people of the study. Rows of people without a scan are left out. */
    saveFacts: (
      people: ReadonlyMap<string, TableFacts>,
      visits: readonly { readonly person: string; readonly session: string; readonly columns: TableFacts }[],
    ): void =>
      atOnce(() => {
        for (const [label, columns] of people) {
          if (known.get(label) !== undefined)
            addPerson.run(idOf(studyId, 'person', label), label, JSON.stringify(columns));
        }
        for (const { person, session, columns } of visits) {
          const row = known.get(person);
          if (row !== undefined) addSession.run(row.id, session, JSON.stringify(columns));
        }
      }),
  };
}
