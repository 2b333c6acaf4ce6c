import type { Migration } from '../migration.ts';

/** What speaks for looking twice at an original, with what was prepared of it. */
export const suspicions: Migration = {
  id: 2,
  up: `ALTER TABLE scan_prepared ADD COLUMN suspicions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(suspicions))`,
};
