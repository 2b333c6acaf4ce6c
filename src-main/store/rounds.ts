import type { Role } from '../../src-shared/api/caller.ts';
import type { CriterionText, OriginalSide } from '../../src-shared/api/roundCalls.ts';
import { defaultCriterionText } from '../../src-shared/rating/criterionText.ts';
import type { RaterPlace } from '../../src-shared/rating/roundLabels.ts';
import type { Store } from './openStore.ts';

export interface Round {
  readonly id: string;
  readonly name: string;
  readonly state: 'open' | 'closed';
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly criterionVersion: number;
  readonly seed: number;
  readonly repeatShare: number;
  readonly minViewingMs: number;
  readonly originalSide: OriginalSide;
  readonly practiceRequired: boolean;
  readonly frozenAt: string | null;
  readonly frozenName: string | null;
  readonly frozenBy: string | null;
}

export interface RoundRater {
  readonly accountId: string;
  readonly name: string;
  readonly place: RaterPlace;
}

type Row = Record<string, unknown>;

const select = `SELECT id, name, state, opened_at AS openedAt, closed_at AS closedAt, criterion_version AS criterionVersion, seed,
  repeat_share AS repeatShare, min_viewing_ms AS minViewingMs, original_side AS originalSide,
  practice_required AS practiceRequired, frozen_at AS frozenAt, frozen_name AS frozenName, frozen_by AS frozenBy FROM round`;

const toRound = (row: Row): Round => ({ ...row, practiceRequired: row.practiceRequired === 1 }) as Round;

/** Rounds of rating, who takes part in them and which defacings they are about. */
export function roundsOf({ db }: Store) {
  const blinding = db.prepare<{ id: string; role: string }, { n: number }>(
    `SELECT count(*) AS n FROM round WHERE state = 'open'
     AND (@role = 'rater' OR EXISTS (SELECT 1 FROM round_rater r WHERE r.round_id = round.id AND r.account_id = @id))
     AND NOT EXISTS (SELECT 1 FROM round_unblinded u WHERE u.round_id = round.id AND u.account_id = @id)`,
  );
  const list = db.prepare<[], Row>(`${select} ORDER BY opened_at DESC, rowid DESC`);
  const byId = db.prepare<[string], Row>(`${select} WHERE id = ?`);
  const raters = db.prepare<[string], RoundRater>(
    `SELECT r.account_id AS accountId, a.name, r.place FROM round_rater r JOIN account a ON a.id = r.account_id
     WHERE r.round_id = ? ORDER BY r.place`,
  );
  const add = db.prepare(
    `INSERT INTO round (id, name, state, opened_at, criterion_version, seed, repeat_share, min_viewing_ms, original_side,
       practice_required)
     VALUES (@id, @name, 'open', @openedAt, @criterionVersion, @seed, @repeatShare, @minViewingMs, @originalSide,
       @practiceRequired)`,
  );
  const addRater = db.prepare('INSERT INTO round_rater (round_id, place, account_id) VALUES (?, ?, ?)');
  const setState = db.prepare('UPDATE round SET state = ?, closed_at = ? WHERE id = ?');
  const freeze = db.prepare('UPDATE round SET frozen_at = ?, frozen_name = ?, frozen_by = ? WHERE id = ?');
  const unblind = db.prepare(
    'INSERT OR REPLACE INTO round_unblinded (round_id, account_id, at, reason) VALUES (?, ?, ?, ?)',
  );
  const unblinded = db.prepare<[string], { name: string; at: string; reason: string }>(
    `SELECT a.name, u.at, u.reason FROM round_unblinded u JOIN account a ON a.id = u.account_id
     WHERE u.round_id = ? ORDER BY u.at`,
  );
  const defacings = db.prepare<[string], { id: string; scanId: string; tool: string }>(
    `SELECT r.defacing_id AS id, r.scan_id AS scanId, d.tool FROM round_defacing r JOIN defacing d ON d.id = r.defacing_id
     WHERE r.round_id = ? ORDER BY r.rowid`,
  );
  const ofScan = db.prepare<[string, string], { id: string }>(
    'SELECT defacing_id AS id FROM round_defacing WHERE round_id = ? AND scan_id = ?',
  );
  const addDefacing = db.prepare(
    'INSERT INTO round_defacing (round_id, defacing_id, scan_id) VALUES (?, ?, ?)',
  );
  const texts = db.prepare<[], CriterionText>(
    'SELECT version, strict, lenient, guide, created_at AS createdAt FROM criterion_text ORDER BY version',
  );
  const addText = db.prepare(
    'INSERT INTO criterion_text (version, strict, lenient, guide, created_at) VALUES (@version, @strict, @lenient, @guide, @at)',
  );
  return {
    /** Whether this person must not see tools, scores, persons or verdicts of others now. */
    isBlind: ({ id, role }: { id: string; role: Role }): boolean => (blinding.get({ id, role })?.n ?? 0) > 0,
    /** Newest first. */
    list: (): Round[] => list.all().map(toRound),
    byId(id: string): Round | null {
      const row = byId.get(id);
      return row === undefined ? null : toRound(row);
    },
    raters: (roundId: string): RoundRater[] => raters.all(roundId),
    add(round: Omit<Round, 'state' | 'closedAt' | 'frozenAt' | 'frozenName' | 'frozenBy'>): void {
      add.run({ ...round, practiceRequired: round.practiceRequired ? 1 : 0 });
    },
    addRater: (roundId: string, place: RaterPlace, accountId: string): void =>
      void addRater.run(roundId, place, accountId),
    setState: (id: string, state: 'open' | 'closed', closedAt: string | null): void =>
      void setState.run(state, closedAt, id),
    /** Null name reopens the labels. */
    setFrozen: (id: string, frozen: { at: string; name: string; by: string } | null): void =>
      void freeze.run(frozen?.at ?? null, frozen?.name ?? null, frozen?.by ?? null, id),
    unblind: (roundId: string, accountId: string, at: string, reason: string): void =>
      void unblind.run(roundId, accountId, at, reason),
    unblinded: (roundId: string): { name: string; at: string; reason: string }[] => unblinded.all(roundId),
    defacings: (roundId: string): { id: string; scanId: string; tool: string }[] => defacings.all(roundId),
    defacingsOfScan: (roundId: string, scanId: string): string[] =>
      ofScan.all(roundId, scanId).map(({ id }) => id),
    addDefacing: (roundId: string, defacingId: string, scanId: string): void =>
      void addDefacing.run(roundId, defacingId, scanId),
    texts: (): CriterionText[] => texts.all(),
    addText: (text: { version: number; strict: string; lenient: string; guide: string; at: string }): void =>
      void addText.run(text),
    /** The newest text; the default is written down the first time one is needed. */
    newestText(at: string): CriterionText {
      if (texts.all().length === 0) addText.run({ version: 1, ...defaultCriterionText, at });
      return texts.all()[texts.all().length - 1];
    },
  };
}

export type Rounds = ReturnType<typeof roundsOf>;
