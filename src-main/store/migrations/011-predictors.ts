import type { Migration } from '../migration.ts';

/** Predictors beyond the measurements of a defacing: measured only when asked, each group with a key of its own. */
export const predictorTables: Migration = {
  id: 11,
  up: `
CREATE TABLE predictor_measurement (
  defacing_id TEXT NOT NULL REFERENCES defacing (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  input_key TEXT NOT NULL,
  provenance TEXT NOT NULL CHECK (json_valid(provenance)),
  PRIMARY KEY (defacing_id, part)
) STRICT;

CREATE TABLE predictor (
  defacing_id TEXT NOT NULL,
  part TEXT NOT NULL,
  feature TEXT NOT NULL,
  version INTEGER NOT NULL,
  value REAL,
  reason TEXT,
  PRIMARY KEY (defacing_id, feature),
  FOREIGN KEY (defacing_id, part) REFERENCES predictor_measurement (defacing_id, part) ON DELETE CASCADE,
  CHECK ((value IS NULL) <> (reason IS NULL))
) STRICT;
`,
};
