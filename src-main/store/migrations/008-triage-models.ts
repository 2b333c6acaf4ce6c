import type { Migration } from '../migration.ts';

/** Models from files that decide in this study, with what they were tested on. */
export const triageModels: Migration = {
  id: 8,
  up: `CREATE TABLE triage_model (id TEXT PRIMARY KEY, content TEXT NOT NULL CHECK (json_valid(content)), at TEXT NOT NULL) STRICT`,
};
