import type { Migration } from '../migration.ts';

/** People, scans, what was prepared of each, defacings, features, files written, jobs and their log. */
export const mainJob: Migration = {
  id: 1,
  up: `
CREATE TABLE study (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL UNIQUE,
  facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts))
) STRICT;

CREATE TABLE scan (
  id TEXT PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  relative_path TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES person (id),
  session TEXT,
  modality TEXT NOT NULL,
  modality_from TEXT NOT NULL,
  entities TEXT NOT NULL CHECK (json_valid(entities)),
  sidecar TEXT CHECK (sidecar IS NULL OR json_valid(sidecar)),
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  error_code TEXT,
  duplicate_of TEXT REFERENCES scan (id),
  file_hash TEXT,
  content_hash TEXT,
  file_stamp TEXT NOT NULL,
  image TEXT CHECK (image IS NULL OR json_valid(image))
) STRICT;
CREATE INDEX scan_person ON scan (person_id);
CREATE INDEX scan_file_hash ON scan (file_hash);
CREATE INDEX scan_content_hash ON scan (content_hash);

CREATE TABLE passed_over (
  path TEXT PRIMARY KEY,
  relative_path TEXT NOT NULL,
  reason TEXT NOT NULL,
  sentence TEXT NOT NULL
) STRICT;

CREATE TABLE scan_prepared (
  scan_id TEXT PRIMARY KEY REFERENCES scan (id),
  input_key TEXT NOT NULL,
  brain TEXT NOT NULL CHECK (json_valid(brain)),
  registration TEXT CHECK (registration IS NULL OR json_valid(registration)),
  head TEXT NOT NULL CHECK (json_valid(head)),
  frame TEXT NOT NULL CHECK (json_valid(frame)),
  provenance TEXT NOT NULL CHECK (json_valid(provenance))
) STRICT;

CREATE TABLE defacing (
  id TEXT PRIMARY KEY,
  scan_id TEXT NOT NULL REFERENCES scan (id),
  tool TEXT NOT NULL,
  input_key TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  path TEXT,
  mask_path TEXT,
  proof TEXT CHECK (proof IS NULL OR json_valid(proof)),
  details TEXT NOT NULL CHECK (json_valid(details)),
  provenance TEXT NOT NULL CHECK (json_valid(provenance)),
  UNIQUE (scan_id, tool)
) STRICT;

CREATE TABLE measurement (
  defacing_id TEXT PRIMARY KEY REFERENCES defacing (id) ON DELETE CASCADE,
  input_key TEXT NOT NULL,
  provenance TEXT NOT NULL CHECK (json_valid(provenance))
) STRICT;

CREATE TABLE feature (
  defacing_id TEXT NOT NULL REFERENCES defacing (id) ON DELETE CASCADE,
  feature TEXT NOT NULL,
  version INTEGER NOT NULL,
  value REAL,
  reason TEXT,
  PRIMARY KEY (defacing_id, feature),
  CHECK ((value IS NULL) <> (reason IS NULL))
) STRICT;

CREATE TABLE output (
  path TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  owner TEXT NOT NULL
) STRICT;
CREATE INDEX output_owner ON output (owner);

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  input TEXT NOT NULL CHECK (json_valid(input)),
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  started_at TEXT NOT NULL,
  ended_at TEXT,
  error TEXT CHECK (error IS NULL OR json_valid(error))
) STRICT;

CREATE TABLE job_step (
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  step TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'kept', 'failed')),
  code TEXT,
  message TEXT,
  duration_ms REAL NOT NULL,
  PRIMARY KEY (job_id, subject, step)
) STRICT;
`,
};
