import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src-shared/domain/provenance.ts';
import type { Store } from './openStore.ts';

/** One entry of the log. `body` is the text that was hashed. */
export interface StoredRecord {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

const headName = 'record-head';
const select =
  'SELECT seq, at, kind, account_id AS accountId, body, previous_hash AS previousHash, hash FROM record';

/** SHA-256 over everything an entry says and the hash of the one before: no entry can change, move or go unnoticed. */
export function recordHash({
  seq,
  at,
  kind,
  accountId,
  body,
  previousHash,
}: Omit<StoredRecord, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([seq, at, kind, accountId, body, previousHash]))
    .digest('hex');
}

/** The append-only log: who did what when, each entry chained to the one before by its hash. */
export function recordsOf({ db }: Store) {
  const last = db.prepare<[], { seq: number; hash: string }>(
    'SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1',
  );
  const add = db.prepare(
    `INSERT INTO record (seq, at, kind, account_id, body, previous_hash, hash)
     VALUES (@seq, @at, @kind, @accountId, @body, @previousHash, @hash)`,
  );
  const setHead = db.prepare(
    `INSERT INTO study (name, value) VALUES ('${headName}', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
  const head = db.prepare<[], { value: string }>(`SELECT value FROM study WHERE name = '${headName}'`);
  const after = db.prepare<[number], StoredRecord>(`${select} WHERE seq > ? ORDER BY seq`);
  const ofKind = db.prepare<[string], StoredRecord>(`${select} WHERE kind = ? ORDER BY seq`);
  return {
    /** Adds an entry and answers its number. Call it inside the transaction that changes what the entry tells of. */
    append(entry: { kind: string; accountId: string | null; at: string; body: unknown }): number {
      const before = last.get();
      const row = {
        seq: (before?.seq ?? 0) + 1,
        at: entry.at,
        kind: entry.kind,
        accountId: entry.accountId,
        body: canonicalJson(entry.body),
        previousHash: before?.hash ?? '',
      };
      const hash = recordHash(row);
      add.run({ ...row, hash });
      setHead.run(`${row.seq} ${hash}`);
      return row.seq;
    },
    after: (seq: number): StoredRecord[] => after.all(seq),
    walk: (): IterableIterator<StoredRecord> => after.iterate(0),
    ofKind: (kind: string): StoredRecord[] => ofKind.all(kind),
    /** Number and hash of the newest entry as noted beside the log; null for an empty log. */
    head(): { seq: number; hash: string } | null {
      const kept = head.get();
      if (kept === undefined) return null;
      const [seq, hash] = kept.value.split(' ');
      return { seq: Number(seq), hash };
    },
  };
}

export type Records = ReturnType<typeof recordsOf>;
