import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../src-main/store/migrations.ts';
import { migrate } from '../../src-main/store/openStore.ts';

/** Rows of a study at the version before each step, and what must be true of them after it. */
const checks: Readonly<Record<number, { fill: string; check: (db: Database.Database) => void }>> = {
  1: {
    fill: '',
    check: (db) => {
      db.exec("INSERT INTO person (id, label) VALUES ('p', '01')");
      expect(() =>
        db.exec(
          "INSERT INTO feature (defacing_id, feature, version, value, reason) VALUES ('none', 'x', 1, 1, NULL)",
        ),
      ).toThrow(/FOREIGN KEY/);
      expect(() => db.exec("INSERT INTO person (id, label, facts) VALUES ('q', '02', 'no json')")).toThrow(
        /CHECK/,
      );
    },
  },
  2: {
    fill: `INSERT INTO person (id, label) VALUES ('p', '01');
      INSERT INTO scan (id, path, relative_path, name, person_id, modality, modality_from, entities, state, reason, file_stamp)
        VALUES ('s', '/s', 's', 'sub-01_T1w', 'p', 'T1w', 'name', '{}', 'ok', '', '');
      INSERT INTO scan_prepared (scan_id, input_key, brain, registration, head, frame, provenance)
        VALUES ('s', 'k', '{}', 'null', '{}', '{}', '{}')`,
    check: (db) => {
      expect(db.prepare('SELECT input_key, suspicions FROM scan_prepared').get()).toEqual({
        input_key: 'k',
        suspicions: '[]',
      });
    },
  },
  3: {
    fill: "INSERT INTO study (name, value) VALUES ('id', 'one')",
    check: (db) => {
      expect(db.prepare('SELECT value FROM study').get()).toEqual({ value: 'one' });
      db.exec(
        "INSERT INTO record (seq, at, kind, body, previous_hash, hash) VALUES (1, 't', 'k', '{}', '', 'h')",
      );
      expect(() => db.exec("UPDATE record SET kind = 'other'")).toThrow(/never changed/);
      expect(() => db.exec('DELETE FROM record')).toThrow(/never removed/);
      expect(() =>
        db.exec(
          "INSERT INTO account (id, name, role, secret, created_at) VALUES ('a', 'A', 'king', 's', 't')",
        ),
      ).toThrow(/CHECK/);
    },
  },
  4: {
    fill: `INSERT INTO person (id, label) VALUES ('p', '01');
      INSERT INTO scan (id, path, relative_path, name, person_id, modality, modality_from, entities, state, reason, file_stamp)
        VALUES ('s', '/s', 's', 'sub-01_T1w', 'p', 'T1w', 'name', '{}', 'ok', '', '');
      INSERT INTO defacing (id, scan_id, tool, input_key, outcome, reason, details, provenance)
        VALUES ('d', 's', 'tool', 'k', 'done', '', '{}', '{}')`,
    check: (db) => {
      const accept = (criterion: string): void =>
        void db
          .prepare(
            "INSERT INTO acceptance (defacing_id, criterion, image_sha256, name, reason, at) VALUES ('d', ?, 'h', 'A', 'r', 't')",
          )
          .run(criterion);
      accept('lenient');
      expect(() => accept('loose')).toThrow(/CHECK/);
      expect(db.prepare('SELECT tool FROM defacing').get()).toEqual({ tool: 'tool' });
    },
  },
  5: {
    fill: '',
    check: (db) => {
      db.exec("INSERT INTO scan_mapping (path, person, modality) VALUES ('/s', '01', 'T1w')");
      expect(() => db.exec("INSERT INTO scan_mapping (path, person) VALUES ('/t', '01')")).toThrow(
        /NOT NULL/,
      );
    },
  },
  6: {
    fill: "INSERT INTO job (kind, input, state, started_at) VALUES ('main', '{}', 'done', 't')",
    check: (db) => {
      expect(db.prepare('SELECT kind FROM job').get()).toEqual({ kind: 'main' });
      db.exec(`INSERT INTO evaluation (id, recipe, job_id, software, started_at) VALUES ('e', '{}', 1, 's', 't');
        INSERT INTO model (id, criterion, version, name, evaluation_id, variant, content, hash, card, software, created_at)
          VALUES ('m', 'strict', 1, 'n', 'e', 'all', '{}', 'h', '{}', 's', 't')`);
      expect(() => db.exec("UPDATE model SET content = '[]'")).toThrow(/never changed/);
      expect(() => db.exec("INSERT INTO model_in_use VALUES ('strict', 'none', 't')")).toThrow(/FOREIGN KEY/);
      expect(() =>
        db.exec(
          "INSERT INTO evaluation_fold (evaluation_id, criterion, task, result) VALUES ('e', 'strict', 't', '{}')",
        ),
      ).toThrow(/FOREIGN KEY/);
    },
  },
  7: {
    fill: "INSERT INTO person (id, label, facts) VALUES ('p', '01', '{\"age\":\"34\"}')",
    check: (db) => {
      expect(db.prepare('SELECT facts FROM person').get()).toEqual({ facts: '{"age":"34"}' });
      db.exec("INSERT INTO session (person_id, label) VALUES ('p', 'a')");
      expect(() => db.exec("INSERT INTO session (person_id, label) VALUES ('q', 'a')")).toThrow(/FOREIGN/);
      expect(() => db.exec("INSERT INTO setting (name, value) VALUES ('a', 'no json')")).toThrow(/CHECK/);
    },
  },
  8: {
    fill: "INSERT INTO study (name, value) VALUES ('id', 'one')",
    check: (db) => {
      db.exec("INSERT INTO triage_model (id, content, at) VALUES ('m', '{}', 't')");
      expect(() => db.exec("INSERT INTO triage_model (id, content, at) VALUES ('n', 'no', 't')")).toThrow(
        /CHECK/,
      );
    },
  },
  9: {
    fill: `INSERT INTO person (id, label) VALUES ('p', '01');
      INSERT INTO scan (id, path, relative_path, name, person_id, modality, modality_from, entities, state, reason, file_stamp)
        VALUES ('s', '/s', 's', 'sub-01_T1w', 'p', 'T1w', 'name', '{}', 'ok', '', '');
      INSERT INTO defacing (id, scan_id, tool, input_key, outcome, reason, details, provenance)
        VALUES ('d', 's', 'tool', 'k', 'done', '', '{}', '{}')`,
    check: (db) => {
      const feature =
        "INSERT INTO raw_feature (defacing_id, feature, version, value) VALUES ('d', 'x', 1, 1)";
      expect(() => db.exec(feature)).toThrow(/FOREIGN/);
      db.exec("INSERT INTO raw_output (defacing_id, sha256, bytes, provenance) VALUES ('d', 'h', 1, '{}')");
      db.exec(feature);
      db.exec("DELETE FROM defacing WHERE id = 'd'");
      expect(db.prepare('SELECT count(*) AS n FROM raw_feature').get()).toEqual({ n: 0 });
    },
  },
  10: {
    fill: `INSERT INTO person (id, label) VALUES ('p', '01');
      INSERT INTO scan (id, path, relative_path, name, person_id, modality, modality_from, entities, state, reason, file_stamp)
        VALUES ('s', '/s', 's', 'sub-01_T1w', 'p', 'T1w', 'name', '{}', 'ok', '', '');
      INSERT INTO defacing (id, scan_id, tool, input_key, outcome, reason, details, provenance)
        VALUES ('d', 's', 'tool', 'k', 'done', '', '{}', '{}');
      INSERT INTO triage_run (id, model_hash, criterion, alpha, delta, statement, settings, software, at)
        VALUES (1, 'h', 'lenient', 0.05, 0.05, '{}', '{}', 'x', 't');
      INSERT INTO triage_item (run_id, defacing_id, image_sha256, decision, reasons, cost, audit)
        VALUES (1, 'd', 'h', 'hold', '[]', 0.5, 0)`,
    check: (db) => {
      expect(db.prepare('SELECT outside FROM triage_item').get()).toEqual({ outside: '[]' });
      const verdict = (value: number): string =>
        `INSERT INTO triage_verdict (defacing_id, defacing_key, verdict, brain_cut, name, note, labels_before, record_seq, at)
         VALUES ('d', 'k', ${value}, 0, 'A', '', '{}', 1, 't')`;
      db.exec(verdict(3));
      expect(() => db.exec(verdict(4))).toThrow(/CHECK/);
    },
  },
  11: {
    fill: `INSERT INTO person (id, label) VALUES ('p', '01');
      INSERT INTO scan (id, path, relative_path, name, person_id, modality, modality_from, entities, state, reason, file_stamp)
        VALUES ('s', '/s', 's', 'sub-01_T1w', 'p', 'T1w', 'name', '{}', 'ok', '', '');
      INSERT INTO defacing (id, scan_id, tool, input_key, outcome, reason, details, provenance)
        VALUES ('d', 's', 'tool', 'k', 'done', '', '{}', '{}')`,
    check: (db) => {
      const value =
        "INSERT INTO predictor (defacing_id, part, feature, version, value) VALUES ('d', 'texture', 'x', 1, 1)";
      expect(() => db.exec(value)).toThrow(/FOREIGN/);
      db.exec(
        "INSERT INTO predictor_measurement (defacing_id, part, input_key, provenance) VALUES ('d', 'texture', 'k', '{}')",
      );
      db.exec(value);
      db.exec("DELETE FROM defacing WHERE id = 'd'");
      expect(db.prepare('SELECT count(*) AS n FROM predictor').get()).toEqual({ n: 0 });
    },
  },
};

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, n) => n + 1));
  });

  it.each(migrations.map(({ id }) => id))(
    'step %i goes through from the version before and keeps what was there',
    (id) => {
      const db = new Database(':memory:');
      db.pragma('foreign_keys = ON');
      migrate(db, migrations.slice(0, id - 1));
      expect(checks[id], `step ${id} needs a check here`).toBeDefined();
      db.exec(checks[id].fill);
      migrate(db, migrations.slice(0, id));
      expect(db.pragma('user_version', { simple: true })).toBe(id);
      checks[id].check(db);
      db.close();
    },
  );

  it('that fail leave nothing behind', () => {
    const db = new Database(':memory:');
    const broken = { id: 1, up: 'CREATE TABLE a (x TEXT) STRICT; CREATE TABLE a (x TEXT) STRICT;' };
    expect(() => migrate(db, [broken])).toThrow();
    expect(db.pragma('user_version', { simple: true })).toBe(0);
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get()).toEqual({
      n: 0,
    });
    db.close();
  });
});
