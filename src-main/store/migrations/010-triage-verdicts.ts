import type { Migration } from '../migration.ts';

/**
 * Verdicts of the review queue with what they were given on, so that a label of an image that was made anew is known as such
 * and brain that was cut counts; and why a model may not decide on an item.
 */
export const triageVerdicts: Migration = {
  id: 10,
  up: `
CREATE TABLE triage_verdict (
  id INTEGER PRIMARY KEY,
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  defacing_key TEXT NOT NULL,
  verdict INTEGER NOT NULL CHECK (verdict IN (1, 2, 3)),
  brain_cut INTEGER NOT NULL CHECK (brain_cut IN (0, 1)),
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  labels_before TEXT NOT NULL CHECK (json_valid(labels_before)),
  record_seq INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX triage_verdict_defacing ON triage_verdict (defacing_id);
ALTER TABLE triage_item ADD COLUMN outside TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(outside));
`,
};
