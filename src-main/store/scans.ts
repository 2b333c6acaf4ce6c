import { createHash } from 'node:crypto';
import type { Scan } from '../../src-shared/domain/study.ts';
import type { Store } from './openStore.ts';

type Row = Record<string, unknown>;
const json = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : null);

/** A short id that is the same whenever the same study makes the same thing, and tells nothing about it. */
export const idOf = (studyId: string, ...parts: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([studyId, ...parts]))
    .digest('hex')
    .slice(0, 16);

/** Who, when and what a file is, as a person said. */
export type Mapping = Pick<Scan, 'person' | 'session' | 'modality'>;

function toScan(row: Row): Scan {
  return {
    id: row.id,
    path: row.path,
    relativePath: row.relative_path,
    name: row.name,
    person: row.person,
    session: row.session,
    modality: row.modality,
    modalityFrom: row.modality_from,
    entities: json(row.entities),
    state: row.state,
    reason: row.reason,
    errorCode: row.error_code,
    duplicateOf: row.duplicate_of,
    fileHash: row.file_hash,
    contentHash: row.content_hash,
    fileStamp: row.file_stamp,
    image: json(row.image),
    sidecar: json(row.sidecar),
  } as Scan;
}

const select = 'SELECT scan.*, person.label AS person FROM scan JOIN person ON person.id = scan.person_id';

/** Scans and the people they are of. */
export function scansOf({ db, studyId }: Store) {
  const all = db.prepare<[string, number], Row>(`${select} WHERE scan.id > ? ORDER BY scan.id LIMIT ?`);
  const byName = db.prepare<[], Row>(`${select} ORDER BY scan.name`);
  const byId = db.prepare<[string], Row>(`${select} WHERE scan.id = ?`);
  const byPath = db.prepare<[string], Row>(`${select} WHERE scan.path = ?`);
  const named = db.prepare<[string, string], Row>('SELECT id FROM scan WHERE name = ? AND id <> ?');
  const repeated = db.prepare<[string | null, string | null, string, string], Row>(
    `${select} WHERE (scan.file_hash = ? OR scan.content_hash = ?) AND scan.path <> ? AND scan.state <> 'duplicate'
     AND (scan.duplicate_of IS NULL OR scan.duplicate_of <> ?) ORDER BY scan.rowid LIMIT 1`,
  );
  const addPerson = db.prepare(
    `INSERT INTO person (id, label, facts) VALUES (?, ?, ?)
     ON CONFLICT (label) DO NOTHING`,
  );
  const write = db.prepare(
    `INSERT INTO scan (id, path, relative_path, name, person_id, session, modality, modality_from, entities, sidecar, state,
       reason, error_code, duplicate_of, file_hash, content_hash, file_stamp, image)
     VALUES (@id, @path, @relativePath, @name, @personId, @session, @modality, @modalityFrom, @entities, @sidecar, @state,
       @reason, @errorCode, @duplicateOf, @fileHash, @contentHash, @fileStamp, @image)
     ON CONFLICT (id) DO UPDATE SET person_id = @personId, session = @session, modality = @modality,
       modality_from = @modalityFrom, entities = @entities, sidecar = @sidecar, state = @state, reason = @reason,
       error_code = @errorCode, duplicate_of = @duplicateOf, file_hash = @fileHash, content_hash = @contentHash,
       file_stamp = @fileStamp, image = @image`,
  );
  const counts = db.prepare<[], { state: string; n: number }>(
    'SELECT state, count(*) AS n FROM scan GROUP BY state ORDER BY state',
  );
  const facts = db.prepare<[], { label: string; facts: string }>('SELECT label, facts FROM person');
  const pass = db.prepare(
    `INSERT INTO passed_over (path, relative_path, reason, sentence) VALUES (?, ?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET reason = excluded.reason, sentence = excluded.sentence`,
  );
  const passed = db.prepare<[], { relativePath: string; reason: string; sentence: string }>(
    'SELECT relative_path AS relativePath, reason, sentence FROM passed_over ORDER BY path',
  );
  const map = db.prepare(
    `INSERT INTO scan_mapping (path, person, session, modality) VALUES (@path, @person, @session, @modality)
     ON CONFLICT (path) DO UPDATE SET person = @person, session = @session, modality = @modality`,
  );
  const mapped = db.prepare<[string], Mapping>(
    'SELECT person, session, modality FROM scan_mapping WHERE path = ?',
  );
  return {
    /** Says whose a file is and what; it holds for later imports of the same file too. */
    setMapping: (path: string, mapping: Mapping): void => void map.run({ path, ...mapping }),
    mappingOf: (path: string): Mapping | null => mapped.get(path) ?? null,
    idOf: (path: string): string => idOf(studyId, 'scan', path),
    byId: (id: string): Scan | null => one(byId.get(id)),
    byPath: (path: string): Scan | null => one(byPath.get(path)),
    /** Whether another scan has this name. */
    nameTaken: (name: string, by: string): boolean => named.get(name, by) !== undefined,
    /** The first scan with the same file or the same voxels, other than the one at `path`. */
    repeatOf: (scan: Pick<Scan, 'id' | 'path' | 'fileHash' | 'contentHash'>): Scan | null =>
      one(repeated.get(scan.fileHash, scan.contentHash, scan.path, scan.id)),
    list: (): Scan[] => byName.all().map(toScan),
    /** At most `most` scans whose id comes after `after`: a walk over any number in bounded memory. */
    page: (after: string, most: number): Scan[] => all.all(after, most).map(toScan),
    counts: (): Partial<Record<string, number>> =>
      Object.fromEntries(counts.all().map(({ state, n }) => [state, n])),
    /** `facts` count for a person nothing is known of yet; tables that are read later say more. */
    save(scan: Scan, facts: Readonly<Record<string, string | null>> = {}): void {
      const personId = idOf(studyId, 'person', scan.person);
      addPerson.run(personId, scan.person, JSON.stringify(facts));
      const { entities, sidecar, image, ...plain } = scan;
      write.run({
        ...plain,
        personId: (db.prepare('SELECT id FROM person WHERE label = ?').get(scan.person) as Row).id,
        entities: JSON.stringify(entities),
        sidecar: sidecar === null ? null : JSON.stringify(sidecar),
        image: image === null ? null : JSON.stringify(image),
      });
    },
    /** What a table of participants says of each person, by label. */
    personFacts: (): Map<string, Readonly<Record<string, string | null>>> =>
      new Map(facts.all().map((row) => [row.label, JSON.parse(row.facts) as Record<string, string | null>])),
    passOver: (skipped: { path: string; relativePath: string; reason: string; sentence: string }): void =>
      void pass.run(skipped.path, skipped.relativePath, skipped.reason, skipped.sentence),
    passedOver: () => passed.all(),
  };
}

const one = (row: Row | undefined): Scan | null => (row === undefined ? null : toScan(row));
