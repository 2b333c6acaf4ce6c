import type { Migration } from '../migration.ts';

/**
 * Evaluations of models, the folds they went through, and the models that were kept. The table an evaluation learned
 * from is stored with it, so that a stopped one goes on with the same numbers and a finished one can be recomputed.
 */
export const learning: Migration = {
  id: 6,
  up: `
CREATE TABLE evaluation (
  id TEXT PRIMARY KEY,
  recipe TEXT NOT NULL CHECK (json_valid(recipe)),
  job_id INTEGER REFERENCES job (id),
  software TEXT NOT NULL,
  account_id TEXT REFERENCES account (id),
  started_at TEXT NOT NULL
) STRICT;

CREATE TABLE evaluation_part (
  evaluation_id TEXT NOT NULL REFERENCES evaluation (id),
  criterion TEXT NOT NULL CHECK (criterion IN ('strict', 'lenient')),
  plan TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_valid(data)),
  steps INTEGER NOT NULL,
  refusal TEXT CHECK (refusal IS NULL OR json_valid(refusal)),
  result TEXT CHECK (result IS NULL OR json_valid(result)),
  ended_at TEXT,
  PRIMARY KEY (evaluation_id, criterion)
) STRICT;

CREATE TABLE evaluation_fold (
  evaluation_id TEXT NOT NULL,
  criterion TEXT NOT NULL,
  task TEXT NOT NULL,
  result TEXT NOT NULL CHECK (json_valid(result)),
  PRIMARY KEY (evaluation_id, criterion, task),
  FOREIGN KEY (evaluation_id, criterion) REFERENCES evaluation_part (evaluation_id, criterion)
) STRICT;

CREATE TABLE model (
  id TEXT PRIMARY KEY,
  criterion TEXT NOT NULL CHECK (criterion IN ('strict', 'lenient')),
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  evaluation_id TEXT NOT NULL REFERENCES evaluation (id),
  variant TEXT NOT NULL CHECK (variant IN ('all', 'without-method')),
  content TEXT NOT NULL CHECK (json_valid(content)),
  hash TEXT NOT NULL,
  card TEXT NOT NULL CHECK (json_valid(card)),
  software TEXT NOT NULL,
  account_id TEXT REFERENCES account (id),
  created_at TEXT NOT NULL,
  UNIQUE (criterion, version)
) STRICT;

CREATE TABLE model_in_use (
  criterion TEXT PRIMARY KEY CHECK (criterion IN ('strict', 'lenient')),
  model_id TEXT NOT NULL REFERENCES model (id),
  since TEXT NOT NULL
) STRICT;

CREATE TRIGGER model_unchanged BEFORE UPDATE ON model BEGIN SELECT RAISE(ABORT, 'models are never changed'); END;
`,
};
