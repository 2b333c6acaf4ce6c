import type { Migration } from '../migration.ts';

/**
 * People with accounts, the log of records chained by hash, rounds, what each person sees in them, and verdicts. Records,
 * verdicts, consensus decisions and criterion texts are never changed: the triggers stop every program of good will, the
 * chain finds the others out.
 */
export const rating: Migration = {
  id: 3,
  up: `
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'rater', 'viewer')),
  secret TEXT NOT NULL,
  retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1)),
  created_at TEXT NOT NULL,
  last_sign_in_at TEXT
) STRICT;

CREATE TABLE record (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT REFERENCES account (id),
  body TEXT NOT NULL CHECK (json_valid(body)),
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX record_kind ON record (kind, seq);

CREATE TABLE criterion_text (
  version INTEGER PRIMARY KEY,
  strict TEXT NOT NULL,
  lenient TEXT NOT NULL,
  guide TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE round (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  criterion_version INTEGER NOT NULL REFERENCES criterion_text (version),
  seed INTEGER NOT NULL,
  repeat_share REAL NOT NULL,
  min_viewing_ms INTEGER NOT NULL,
  original_side TEXT NOT NULL CHECK (original_side IN ('left', 'right', 'random')),
  practice_required INTEGER NOT NULL CHECK (practice_required IN (0, 1)),
  frozen_at TEXT,
  frozen_name TEXT,
  frozen_by TEXT
) STRICT;

CREATE TABLE round_rater (
  round_id TEXT NOT NULL REFERENCES round (id),
  place INTEGER NOT NULL CHECK (place IN (1, 2, 3)),
  account_id TEXT NOT NULL REFERENCES account (id),
  PRIMARY KEY (round_id, place),
  UNIQUE (round_id, account_id)
) STRICT;

CREATE TABLE round_unblinded (
  round_id TEXT NOT NULL REFERENCES round (id),
  account_id TEXT NOT NULL REFERENCES account (id),
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (round_id, account_id)
) STRICT;

CREATE TABLE round_defacing (
  round_id TEXT NOT NULL REFERENCES round (id),
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  scan_id TEXT NOT NULL REFERENCES scan (id),
  PRIMARY KEY (round_id, defacing_id)
) STRICT;
CREATE INDEX round_defacing_scan ON round_defacing (round_id, scan_id);

CREATE TABLE verdict (
  id TEXT PRIMARY KEY,
  record_seq INTEGER NOT NULL UNIQUE REFERENCES record (seq),
  round_id TEXT NOT NULL REFERENCES round (id),
  item_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES account (id),
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  defacing_key TEXT NOT NULL,
  withdrawal INTEGER NOT NULL CHECK (withdrawal IN (0, 1)),
  supersedes TEXT REFERENCES verdict (id),
  verdict INTEGER CHECK (verdict IN (1, 2, 3)),
  exclusion TEXT,
  remains TEXT NOT NULL CHECK (json_valid(remains)),
  brain_cut INTEGER NOT NULL CHECK (brain_cut IN (0, 1)),
  note TEXT NOT NULL,
  confidence INTEGER CHECK (confidence IN (1, 2, 3)),
  viewing_ms REAL NOT NULL,
  criterion_version INTEGER NOT NULL REFERENCES criterion_text (version),
  render TEXT NOT NULL CHECK (json_valid(render)),
  software TEXT NOT NULL,
  at TEXT NOT NULL,
  CHECK (withdrawal = 1 OR (verdict IS NULL) <> (exclusion IS NULL)),
  CHECK (withdrawal = 0 OR (verdict IS NULL AND exclusion IS NULL AND supersedes IS NOT NULL))
) STRICT;
CREATE INDEX verdict_item ON verdict (item_id);
CREATE INDEX verdict_round ON verdict (round_id, account_id, record_seq);

CREATE TABLE round_item (
  id TEXT PRIMARY KEY,
  round_id TEXT NOT NULL REFERENCES round (id),
  account_id TEXT REFERENCES account (id),
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  scan_id TEXT NOT NULL REFERENCES scan (id),
  repeat INTEGER NOT NULL CHECK (repeat IN (0, 1)),
  position INTEGER NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('left', 'right')),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  later INTEGER NOT NULL DEFAULT 0,
  verdict_id TEXT REFERENCES verdict (id),
  excludes INTEGER NOT NULL DEFAULT 0 CHECK (excludes IN (0, 1)),
  UNIQUE (round_id, account_id, defacing_id, repeat)
) STRICT;
CREATE INDEX round_item_order ON round_item (round_id, account_id, position);
CREATE INDEX round_item_defacing ON round_item (round_id, defacing_id);
CREATE INDEX round_item_exclusion ON round_item (round_id, account_id, scan_id) WHERE excludes = 1;

CREATE TABLE rating_place (
  account_id TEXT NOT NULL REFERENCES account (id),
  round_id TEXT NOT NULL REFERENCES round (id),
  item_id TEXT NOT NULL REFERENCES round_item (id),
  look TEXT CHECK (look IS NULL OR json_valid(look)),
  PRIMARY KEY (account_id, round_id)
) STRICT;

CREATE TABLE consensus (
  id TEXT PRIMARY KEY,
  record_seq INTEGER NOT NULL UNIQUE REFERENCES record (seq),
  round_id TEXT NOT NULL REFERENCES round (id),
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  account_id TEXT NOT NULL REFERENCES account (id),
  verdict INTEGER CHECK (verdict IN (1, 2, 3)),
  exclusion TEXT,
  remains TEXT NOT NULL CHECK (json_valid(remains)),
  brain_cut INTEGER NOT NULL CHECK (brain_cut IN (0, 1)),
  sentence TEXT NOT NULL,
  at TEXT NOT NULL,
  CHECK ((verdict IS NULL) <> (exclusion IS NULL))
) STRICT;
CREATE INDEX consensus_round ON consensus (round_id, defacing_id, record_seq);

CREATE TABLE imported_label (
  defacing_id TEXT NOT NULL REFERENCES defacing (id),
  criterion TEXT NOT NULL CHECK (criterion IN ('strict', 'lenient')),
  label INTEGER NOT NULL CHECK (label IN (0, 1)),
  record_seq INTEGER NOT NULL REFERENCES record (seq),
  PRIMARY KEY (defacing_id, criterion)
) STRICT;

CREATE TABLE practice (
  id TEXT PRIMARY KEY,
  account_id TEXT REFERENCES account (id),
  seed INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;

CREATE TABLE practice_answer (
  practice_id TEXT NOT NULL REFERENCES practice (id),
  n INTEGER NOT NULL,
  look TEXT NOT NULL CHECK (json_valid(look)),
  viewing_ms REAL NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (practice_id, n)
) STRICT;

CREATE TRIGGER record_unchanged BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_kept BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;
CREATE TRIGGER verdict_unchanged BEFORE UPDATE ON verdict BEGIN SELECT RAISE(ABORT, 'verdicts are never changed'); END;
CREATE TRIGGER verdict_kept BEFORE DELETE ON verdict BEGIN SELECT RAISE(ABORT, 'verdicts are never removed'); END;
CREATE TRIGGER consensus_unchanged BEFORE UPDATE ON consensus BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
CREATE TRIGGER consensus_kept BEFORE DELETE ON consensus BEGIN SELECT RAISE(ABORT, 'decisions are never removed'); END;
CREATE TRIGGER criterion_unchanged BEFORE UPDATE ON criterion_text BEGIN SELECT RAISE(ABORT, 'criteria get a new version'); END;
CREATE TRIGGER criterion_kept BEFORE DELETE ON criterion_text BEGIN SELECT RAISE(ABORT, 'criteria are never removed'); END;
`,
};
