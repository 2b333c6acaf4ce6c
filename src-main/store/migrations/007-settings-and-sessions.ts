import type { Migration } from '../migration.ts';

/** What is set for this study, a row a setting; and what a table of sessions tells of each. */
export const settingsAndSessions: Migration = {
  id: 7,
  up: `
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;

CREATE TABLE session (
  person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
  PRIMARY KEY (person_id, label)
) STRICT;
`,
};
