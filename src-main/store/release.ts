import type { Acceptance } from '../../src-shared/release/gate.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { ExportRecord } from '../../src-shared/api/exportCalls.ts';
import type { Store } from './openStore.ts';

type Row = Record<string, unknown>;

/** Acceptances, labels for the outside, defacings chosen by hand, and the exports made. */
export function releaseOf({ db, atOnce }: Store) {
  const acceptances = db.prepare<[string], Row>(
    `SELECT id, defacing_id AS defacingId, criterion, image_sha256 AS imageSha256, name, reason,
       triage_run_id AS triageRunId, at FROM acceptance WHERE criterion = ? ORDER BY id`,
  );
  const accept = db.prepare(
    `INSERT INTO acceptance (defacing_id, criterion, image_sha256, name, reason, triage_run_id, at)
     VALUES (@defacingId, @criterion, @imageSha256, @name, @reason, @triageRunId, @at)`,
  );
  const labels = db.prepare<[], { person: string; label: string }>(
    'SELECT person.label AS person, shared_label.label AS label FROM shared_label JOIN person ON person.id = person_id',
  );
  const addLabel = db.prepare<[string, string]>(
    'INSERT INTO shared_label (person_id, label) SELECT id, ? FROM person WHERE label = ?',
  );
  const chosen = db.prepare<[], ChosenRow>(
    'SELECT scan_id AS scanId, defacing_id AS defacingId, name, reason, at FROM chosen_defacing ORDER BY scan_id',
  );
  const choose = db.prepare(
    `INSERT INTO chosen_defacing (scan_id, defacing_id, name, reason, at) VALUES (@scanId, @defacingId, @name, @reason, @at)
     ON CONFLICT (scan_id) DO UPDATE SET defacing_id = @defacingId, name = @name, reason = @reason, at = @at`,
  );
  const unchoose = db.prepare<[string]>('DELETE FROM chosen_defacing WHERE scan_id = ?');
  const addExport = db.prepare(
    `INSERT INTO export (folder, options, images, held_back, files, manifest_sha256, validator, software, at)
     VALUES (@folder, @options, @images, @heldBack, @files, @manifestSha256, @validator, @software, @at)`,
  );
  const exports = db.prepare<[], Row>(
    `SELECT id, folder, options, images, held_back AS heldBack, files, manifest_sha256 AS manifestSha256, validator,
       software, at FROM export ORDER BY id`,
  );
  const facts = db.prepare<[], { label: string; facts: string }>(
    'SELECT label, facts FROM person ORDER BY label',
  );
  return {
    atOnce,
    /** The newest acceptance of each defacing under a criterion, by defacing. */
    acceptances: (criterion: Criterion): Map<string, Acceptance> =>
      new Map((acceptances.all(criterion) as unknown as Acceptance[]).map((row) => [row.defacingId, row])),
    accept: (row: Omit<Acceptance, 'id'>): number => Number(accept.run(row).lastInsertRowid),
    /** Labels people bear outside, by their label in the study. */
    labels: (): Map<string, string> => new Map(labels.all().map(({ person, label }) => [person, label])),
    addLabel: (person: string, label: string): void => void addLabel.run(label, person),
    chosen: (): ChosenRow[] => chosen.all(),
    choose: (row: ChosenRow): void => void choose.run(row),
    unchoose: (scanId: string): void => void unchoose.run(scanId),
    addExport: (row: Omit<ExportRecord, 'id'>): number =>
      Number(
        addExport.run({
          ...row,
          options: JSON.stringify(row.options),
          validator: row.validator === null ? null : JSON.stringify(row.validator),
        }).lastInsertRowid,
      ),
    exports: (): ExportRecord[] =>
      exports.all().map(
        (row) =>
          ({
            ...row,
            options: JSON.parse(String(row.options)) as unknown,
            validator: typeof row.validator === 'string' ? (JSON.parse(row.validator) as unknown) : null,
          }) as ExportRecord,
      ),
    /** What the study's table of participants says of each person. */
    personFacts: (): Map<string, Readonly<Record<string, string | null>>> =>
      new Map(
        facts
          .all()
          .map((row) => [row.label, JSON.parse(row.facts) as Readonly<Record<string, string | null>>]),
      ),
  };
}

export interface ChosenRow {
  readonly scanId: string;
  readonly defacingId: string;
  readonly name: string;
  readonly reason: string;
  readonly at: string;
}
