import type { Migration } from '../migration.ts';

/** What people let out or chose by hand, the labels people bear outside, exports, triage runs and what they decided. */
export const release: Migration = {
  id: 4,
  up: `
CREATE TABLE acceptance (
  id INTEGER PRIMARY KEY,
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  criterion TEXT NOT NULL CHECK (criterion IN ('strict', 'lenient')),
  image_sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  triage_run_id INTEGER REFERENCES triage_run (id),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX acceptance_defacing ON acceptance (defacing_id);

CREATE TABLE shared_label (
  person_id TEXT PRIMARY KEY REFERENCES person (id),
  label TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE chosen_defacing (
  scan_id TEXT PRIMARY KEY REFERENCES scan (id),
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE export (
  id INTEGER PRIMARY KEY,
  folder TEXT NOT NULL,
  options TEXT NOT NULL CHECK (json_valid(options)),
  images INTEGER NOT NULL,
  held_back INTEGER NOT NULL,
  files INTEGER NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  validator TEXT CHECK (validator IS NULL OR json_valid(validator)),
  software TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE triage_run (
  id INTEGER PRIMARY KEY,
  model_hash TEXT NOT NULL,
  criterion TEXT NOT NULL CHECK (criterion IN ('strict', 'lenient')),
  alpha REAL NOT NULL,
  delta REAL NOT NULL,
  statement TEXT NOT NULL CHECK (json_valid(statement)),
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  software TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE triage_item (
  run_id INTEGER NOT NULL REFERENCES triage_run (id) ON DELETE CASCADE,
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  image_sha256 TEXT NOT NULL,
  score REAL,
  decision TEXT NOT NULL CHECK (decision IN ('pass', 'fail', 'review', 'hold')),
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),
  cost REAL NOT NULL,
  audit INTEGER NOT NULL CHECK (audit IN (0, 1)),
  PRIMARY KEY (run_id, defacing_id)
) STRICT;
`,
};
