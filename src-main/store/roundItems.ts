import type { Look } from '../../src-shared/rating/verdict.ts';
import type { Store } from './openStore.ts';

/** One pair on one person's list. The id is drawn at random and tells nothing; without an account it is the consensus session's. */
export interface RoundItemRow {
  readonly id: string;
  readonly roundId: string;
  readonly accountId: string | null;
  readonly defacingId: string;
  readonly scanId: string;
  readonly repeat: boolean;
  readonly position: number;
  readonly side: 'left' | 'right';
  readonly later: number;
  /** The verdict that stands. */
  readonly verdictId: string | null;
}

type Row = Record<string, unknown>;

const columns = `i.id, i.round_id AS roundId, i.account_id AS accountId, i.defacing_id AS defacingId, i.scan_id AS scanId,
  i.repeat, i.position, i.side, i.later, i.verdict_id AS verdictId`;
const toItem = (row: Row): RoundItemRow => ({ ...row, repeat: row.repeat === 1 }) as unknown as RoundItemRow;

/** What this person excluded the original of, at this or at another of its defacings. */
const excludedByOriginal = `EXISTS (SELECT 1 FROM round_item e WHERE e.round_id = i.round_id AND e.account_id = i.account_id
  AND e.scan_id = i.scan_id AND e.excludes = 1)`;
const mine = 'i.round_id = @roundId AND i.account_id = @accountId AND i.active = 1';

/** Lists of pairs, one for each person of a round, and how far each has come. */
export function roundItemsOf({ db }: Store) {
  const add = db.prepare(
    `INSERT INTO round_item (id, round_id, account_id, defacing_id, scan_id, repeat, position, side)
     VALUES (@id, @roundId, @accountId, @defacingId, @scanId, @repeat, @position, @side)`,
  );
  const byId = db.prepare<[string], Row>(`SELECT ${columns} FROM round_item i WHERE i.id = ?`);
  const open = db.prepare<{ roundId: string; accountId: string; most: number }, Row>(
    `SELECT ${columns} FROM round_item i WHERE ${mine} AND i.verdict_id IS NULL AND NOT ${excludedByOriginal}
     ORDER BY i.later, i.position LIMIT @most`,
  );
  const isOpen = db.prepare<[string]>(
    `SELECT 1 FROM round_item i WHERE i.id = ? AND i.active = 1 AND i.verdict_id IS NULL AND NOT ${excludedByOriginal}`,
  );
  const counts = db.prepare<
    { roundId: string; accountId: string },
    { total: number; open: number; later: number }
  >(
    `SELECT count(*) AS total, ifnull(sum(o), 0) AS open, ifnull(sum(o AND later > 0), 0) AS later FROM
       (SELECT i.later, i.verdict_id IS NULL AND NOT ${excludedByOriginal} AS o FROM round_item i WHERE ${mine})`,
  );
  const list = db.prepare<{ roundId: string; accountId: string }, Row>(
    `SELECT ${columns} FROM round_item i WHERE ${mine} ORDER BY i.position`,
  );
  const lastPosition = db.prepare<[string, string], { last: number | null }>(
    'SELECT max(position) AS last FROM round_item WHERE round_id = ? AND account_id = ?',
  );
  const ofDefacing = db.prepare<{ roundId: string; accountId: string | null; defacingId: string }, Row>(
    `SELECT ${columns} FROM round_item i WHERE i.round_id = @roundId AND i.account_id IS @accountId
     AND i.defacing_id = @defacingId AND i.repeat = 0`,
  );
  const later = db.prepare(
    `UPDATE round_item SET later = 1 + (SELECT ifnull(max(later), 0) FROM round_item
       WHERE round_id = @roundId AND account_id = @accountId) WHERE id = @id`,
  );
  const stand = db.prepare('UPDATE round_item SET verdict_id = ?, excludes = ? WHERE id = ?');
  const setActive = db.prepare('UPDATE round_item SET active = ? WHERE id = ?');
  const place = db.prepare<[string, string], { item_id: string; look: string | null }>(
    'SELECT item_id, look FROM rating_place WHERE account_id = ? AND round_id = ?',
  );
  const keepPlace = db.prepare(
    'INSERT OR REPLACE INTO rating_place (account_id, round_id, item_id, look) VALUES (?, ?, ?, ?)',
  );
  const leavePlace = db.prepare(
    'DELETE FROM rating_place WHERE account_id = ? AND round_id = ? AND item_id = ?',
  );
  const one = (row: Row | undefined): RoundItemRow | null => (row === undefined ? null : toItem(row));
  return {
    add: (item: Omit<RoundItemRow, 'later' | 'verdictId'>): void =>
      void add.run({ ...item, repeat: item.repeat ? 1 : 0 }),
    byId: (id: string): RoundItemRow | null => one(byId.get(id)),
    /** The first `most` this person has still to decide; what was put off comes last. */
    open: (roundId: string, accountId: string, most: number): RoundItemRow[] =>
      open.all({ roundId, accountId, most }).map(toItem),
    /** Whether it is still to decide. */
    isOpen: ({ id }: { id: string }): boolean => isOpen.get(id) !== undefined,
    counts: (roundId: string, accountId: string): { total: number; open: number; later: number } =>
      counts.get({ roundId, accountId }) ?? { total: 0, open: 0, later: 0 },
    list: (roundId: string, accountId: string): RoundItemRow[] =>
      list.all({ roundId, accountId }).map(toItem),
    /** -1 for an empty list. */
    lastPosition: (roundId: string, accountId: string): number =>
      lastPosition.get(roundId, accountId)?.last ?? -1,
    /** The first look of a person (null: of the consensus session) at a defacing. */
    ofDefacing: (roundId: string, accountId: string | null, defacingId: string): RoundItemRow | null =>
      one(ofDefacing.get({ roundId, accountId, defacingId })),
    putOff: (item: RoundItemRow): void =>
      void later.run({ id: item.id, roundId: item.roundId, accountId: item.accountId }),
    /** What stands on an item; null for nothing any more. */
    stand: (itemId: string, verdictId: string | null, excludes: boolean): void =>
      void stand.run(verdictId, excludes ? 1 : 0, itemId),
    setActive: (itemId: string, active: boolean): void => void setActive.run(active ? 1 : 0, itemId),
    place(accountId: string, roundId: string): { itemId: string; look: Look | null } | null {
      const row = place.get(accountId, roundId);
      if (row === undefined) return null;
      return { itemId: row.item_id, look: row.look === null ? null : (JSON.parse(row.look) as Look) };
    },
    keepPlace: (accountId: string, item: { roundId: string; id: string }, look: Look | null): void =>
      void keepPlace.run(accountId, item.roundId, item.id, look === null ? null : JSON.stringify(look)),
    leavePlace: (accountId: string, item: { roundId: string; id: string }): void =>
      void leavePlace.run(accountId, item.roundId, item.id),
  };
}

export type RoundItems = ReturnType<typeof roundItemsOf>;
