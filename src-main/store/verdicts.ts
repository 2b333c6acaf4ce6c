import type { Decision, RaterPlace, StandingLook } from '../../src-shared/rating/roundLabels.ts';
import type { Look } from '../../src-shared/rating/verdict.ts';
import type { Store } from './openStore.ts';

type Row = Record<string, unknown>;

/** One entry of the verdict log: a look, or the withdrawal of one. */
export interface StoredVerdict extends Look {
  readonly id: string;
  readonly recordSeq: number;
  readonly roundId: string;
  readonly itemId: string;
  readonly accountId: string;
  readonly defacingId: string;
  /** Input key of the defacing as it was seen: another key is another image. */
  readonly defacingKey: string;
  readonly withdrawal: boolean;
  readonly supersedes: string | null;
  readonly viewingMs: number;
  readonly criterionVersion: number;
  readonly render: Readonly<Record<string, unknown>>;
  readonly software: string;
  readonly at: string;
}

export interface StoredDecision extends Decision {
  readonly id: string;
  readonly recordSeq: number;
  readonly roundId: string;
  readonly defacingId: string;
  readonly accountId: string;
  readonly remains: Look['remains'];
  readonly brainCut: boolean;
  readonly sentence: string;
  readonly at: string;
}

const lookColumns = 'v.verdict, v.exclusion, v.remains, v.brain_cut AS brainCut, v.note, v.confidence';
const columns = `v.id, v.record_seq AS recordSeq, v.round_id AS roundId, v.item_id AS itemId, v.account_id AS accountId,
  v.defacing_id AS defacingId, v.defacing_key AS defacingKey, v.withdrawal, v.supersedes, ${lookColumns},
  v.viewing_ms AS viewingMs, v.criterion_version AS criterionVersion, v.render, v.software, v.at`;

export const toLook = (row: Row): Look => ({
  verdict: row.verdict as Look['verdict'],
  exclusion: row.exclusion as Look['exclusion'],
  remains: JSON.parse(String(row.remains)) as Look['remains'],
  brainCut: row.brainCut === 1,
  note: String(row.note),
  confidence: row.confidence as Look['confidence'],
});

const toVerdict = (row: Row): StoredVerdict =>
  ({
    ...row,
    ...toLook(row),
    withdrawal: row.withdrawal === 1,
    render: JSON.parse(String(row.render)) as unknown,
  }) as unknown as StoredVerdict;

const toDecision = (row: Row): StoredDecision =>
  ({
    ...row,
    remains: JSON.parse(String(row.remains)) as unknown,
    brainCut: row.brainCut === 1,
  }) as unknown as StoredDecision;

/** Verdicts and decisions of consensus sessions. Rows are only ever added. */
export function verdictsOf({ db }: Store) {
  const add = db.prepare(
    `INSERT INTO verdict (id, record_seq, round_id, item_id, account_id, defacing_id, defacing_key, withdrawal, supersedes,
       verdict, exclusion, remains, brain_cut, note, confidence, viewing_ms, criterion_version, render, software, at)
     VALUES (@id, @recordSeq, @roundId, @itemId, @accountId, @defacingId, @defacingKey, @withdrawal, @supersedes,
       @verdict, @exclusion, @remains, @brainCut, @note, @confidence, @viewingMs, @criterionVersion, @render, @software, @at)`,
  );
  const byId = db.prepare<[string], Row>(`SELECT ${columns} FROM verdict v WHERE v.id = ?`);
  const newestStanding = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM verdict v JOIN round_item i ON i.verdict_id = v.id
     WHERE v.round_id = ? AND v.account_id = ? ORDER BY v.record_seq DESC LIMIT 1`,
  );
  const ofRound = db.prepare<[string], Row>(
    `SELECT ${columns}, i.repeat, i.position, i.verdict_id IS v.id AS stands FROM verdict v
     JOIN round_item i ON i.id = v.item_id WHERE v.round_id = ? ORDER BY v.record_seq`,
  );
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM verdict v ORDER BY v.record_seq`);
  const standing = db.prepare<[string], Row>(
    `SELECT i.defacing_id AS defacingId, i.scan_id AS scanId, r.place, ${lookColumns} FROM round_item i
     JOIN verdict v ON v.id = i.verdict_id JOIN round_rater r ON r.round_id = i.round_id AND r.account_id = i.account_id
     WHERE i.round_id = ? AND i.repeat = 0`,
  );
  const answerOf = db.prepare<
    { roundId: string; accountId: string; defacingId: string; scanId: string },
    Row
  >(
    `SELECT v.verdict, v.exclusion FROM round_item i JOIN verdict v ON v.id = i.verdict_id
     WHERE i.round_id = @roundId AND i.account_id = @accountId AND i.repeat = 0
       AND (i.defacing_id = @defacingId OR (i.scan_id = @scanId AND i.excludes = 1))
     ORDER BY i.excludes DESC LIMIT 1`,
  );
  const pace = db.prepare<[string, string], { viewingMs: number; at: string }>(
    `SELECT v.viewing_ms AS viewingMs, v.at FROM verdict v JOIN round_item i ON i.verdict_id = v.id
     WHERE v.round_id = ? AND v.account_id = ? ORDER BY v.record_seq`,
  );
  const rankOf = db.prepare<{ roundId: string; accountId: string; seq: number }, { n: number }>(
    `SELECT count(*) AS n FROM verdict v JOIN round_item i ON i.verdict_id = v.id
     WHERE v.round_id = @roundId AND v.account_id = @accountId AND v.record_seq <= @seq`,
  );
  const state = db.prepare<[string, string]>(
    `SELECT (SELECT max(record_seq) FROM verdict WHERE round_id = ?) AS verdict,
       (SELECT max(record_seq) FROM consensus WHERE round_id = ?) AS decision`,
  );
  const keysSeen = db.prepare<[string], { defacingId: string; defacingKey: string }>(
    `SELECT DISTINCT v.defacing_id AS defacingId, v.defacing_key AS defacingKey FROM verdict v
     JOIN round_item i ON i.verdict_id = v.id WHERE v.round_id = ?`,
  );
  const decide = db.prepare(
    `INSERT INTO consensus (id, record_seq, round_id, defacing_id, account_id, verdict, exclusion, remains, brain_cut, sentence, at)
     VALUES (@id, @recordSeq, @roundId, @defacingId, @accountId, @verdict, @exclusion, @remains, @brainCut, @sentence, @at)`,
  );
  const decisionColumns = `id, record_seq AS recordSeq, round_id AS roundId, defacing_id AS defacingId, account_id AS accountId,
    verdict, exclusion, remains, brain_cut AS brainCut, sentence, at`;
  const decisions = db.prepare<[string], Row>(
    `SELECT ${decisionColumns} FROM consensus WHERE round_id = ? ORDER BY record_seq`,
  );
  const allDecisions = db.prepare<[], Row>(`SELECT ${decisionColumns} FROM consensus ORDER BY record_seq`);
  const decisionById = db.prepare<[string], Row>(`SELECT ${decisionColumns} FROM consensus WHERE id = ?`);
  return {
    add: (row: StoredVerdict): void =>
      void add.run({
        ...row,
        withdrawal: row.withdrawal ? 1 : 0,
        brainCut: row.brainCut ? 1 : 0,
        remains: JSON.stringify(row.remains),
        render: JSON.stringify(row.render),
      }),
    byId(id: string): StoredVerdict | null {
      const row = byId.get(id);
      return row === undefined ? null : toVerdict(row);
    },
    /** The newest verdict of a person in a round that still stands: what undo takes back. */
    newestStanding(roundId: string, accountId: string): StoredVerdict | null {
      const row = newestStanding.get(roundId, accountId);
      return row === undefined ? null : toVerdict(row);
    },
    /** Every entry of a round in the order it was made. */
    ofRound: (roundId: string): (StoredVerdict & { repeat: boolean; position: number; stands: boolean })[] =>
      ofRound.all(roundId).map((row) => ({
        ...toVerdict(row),
        repeat: row.repeat === 1,
        position: Number(row.position),
        stands: row.stands === 1,
      })),
    all: (): IterableIterator<StoredVerdict> => mapped(all.iterate(), toVerdict),
    /** Grows or changes with every entry and decision of a round. */
    stateOf: (roundId: string): string => JSON.stringify(state.get(roundId, roundId)),
    /** What stands of every rater on every defacing, repeats left out. */
    standing: (roundId: string): StandingLook[] =>
      standing.all(roundId).map((row) => ({
        defacingId: String(row.defacingId),
        scanId: String(row.scanId),
        place: row.place as RaterPlace,
        look: toLook(row),
      })),
    /** What a rater's answer on one defacing is, exclusions of its original at other defacings included. */
    answerOf(of: {
      roundId: string;
      accountId: string;
      defacingId: string;
      scanId: string;
    }): Decision | null {
      const row = answerOf.get(of);
      return row === undefined ? null : (row as unknown as Decision);
    },
    /** Viewing times of a person's standing verdicts, in the order they were given. */
    pace: (roundId: string, accountId: string): { viewingMs: number; at: string }[] =>
      pace.all(roundId, accountId),
    /** How many of a person's standing verdicts were given up to a record. */
    rankOf: (of: { roundId: string; accountId: string; seq: number }): number => rankOf.get(of)?.n ?? 0,
    keysSeen: (roundId: string): { defacingId: string; defacingKey: string }[] => keysSeen.all(roundId),
    decide: (row: StoredDecision): void =>
      void decide.run({ ...row, brainCut: row.brainCut ? 1 : 0, remains: JSON.stringify(row.remains) }),
    /** Oldest first; the newest of a defacing counts. */
    decisions: (roundId: string): StoredDecision[] => decisions.all(roundId).map(toDecision),
    allDecisions: (): IterableIterator<StoredDecision> => mapped(allDecisions.iterate(), toDecision),
    decisionById(id: string): StoredDecision | null {
      const row = decisionById.get(id);
      return row === undefined ? null : toDecision(row);
    },
  };
}

/** Of anything that holds a look, the look alone. */
export const lookOf = ({ verdict, exclusion, remains, brainCut, note, confidence }: Look): Look => ({
  verdict,
  exclusion,
  remains,
  brainCut,
  note,
  confidence,
});

/** What the log keeps of a verdict: all of it. `verifyRecords` compares the row with it. */
export function verdictBody(row: Omit<StoredVerdict, 'recordSeq'>): unknown {
  const {
    id,
    roundId,
    itemId,
    defacingId,
    defacingKey,
    withdrawal,
    supersedes,
    viewingMs,
    criterionVersion,
  } = row;
  const { render, software } = row;
  return {
    id,
    roundId,
    itemId,
    defacingId,
    defacingKey,
    withdrawal,
    supersedes,
    look: lookOf(row),
    viewingMs,
    criterionVersion,
    render,
    software,
  };
}

/** What the log keeps of a decision: all of it. */
export function decisionBody(row: Omit<StoredDecision, 'recordSeq'>): unknown {
  const { id, roundId, defacingId, verdict, exclusion, remains, brainCut, sentence } = row;
  return { id, roundId, defacingId, verdict, exclusion, remains, brainCut, sentence };
}

function* mapped<Result>(rows: Iterable<Row>, to: (row: Row) => Result): IterableIterator<Result> {
  for (const row of rows) yield to(row);
}

export type Verdicts = ReturnType<typeof verdictsOf>;
