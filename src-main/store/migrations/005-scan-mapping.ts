import type { Migration } from '../migration.ts';

/** Whose a file is and what, as a person said at the import, by its path. */
export const scanMapping: Migration = {
  id: 5,
  up: `
CREATE TABLE scan_mapping (
  path TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  session TEXT,
  modality TEXT NOT NULL
) STRICT;
`,
};
