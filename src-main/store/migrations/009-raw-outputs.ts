import type { Migration } from '../migration.ts';

/**
 * What programs themselves wrote, by hash and measured; what each scan's anatomy looks like in short; and pairs of scans
 * that look alike.
 */
export const rawOutputs: Migration = {
  id: 9,
  up: `
CREATE TABLE raw_output (
  defacing_id TEXT PRIMARY KEY REFERENCES defacing (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  provenance TEXT NOT NULL CHECK (json_valid(provenance))
) STRICT;

CREATE TABLE raw_feature (
  defacing_id TEXT NOT NULL REFERENCES raw_output (defacing_id) ON DELETE CASCADE,
  feature TEXT NOT NULL,
  version INTEGER NOT NULL,
  value REAL,
  reason TEXT,
  PRIMARY KEY (defacing_id, feature),
  CHECK ((value IS NULL) <> (reason IS NULL))
) STRICT;

CREATE TABLE fingerprint (
  scan_id TEXT PRIMARY KEY REFERENCES scan (id) ON DELETE CASCADE,
  space TEXT NOT NULL CHECK (space IN ('template', 'middle')),
  steps BLOB NOT NULL
) STRICT;

CREATE TABLE near_duplicate (
  scan_id TEXT NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
  other_id TEXT NOT NULL REFERENCES scan (id) ON DELETE CASCADE,
  suspicion TEXT NOT NULL CHECK (json_valid(suspicion)),
  PRIMARY KEY (scan_id, other_id)
) STRICT;
`,
};
