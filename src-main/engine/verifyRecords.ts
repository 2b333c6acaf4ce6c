import type { RecordsCheck } from '../../src-shared/api/labelCalls.ts';
import { canonicalJson } from '../../src-shared/domain/provenance.ts';
import type { Store } from '../store/openStore.ts';
import { recordHash, recordsOf, type StoredRecord } from '../store/records.ts';
import { givenLabelsCheck } from './verifyGivenLabels.ts';
import { decisionBody, verdictBody, verdictsOf, type StoredVerdict } from '../store/verdicts.ts';

/**
 * Whether the log is as it was written: every entry chained to the one before, none missing at the end, every verdict and
 * decision equal to its entry, what stands on each pair what the log says stands, and so every label given outside of rounds.
 * `seal` is the hash of the newest entry: written down elsewhere, it proves that nothing up to it was changed, even by
 * somebody who can chain anew.
 */
export function verifyRecords(store: Store, { seal = null }: { seal?: string | null } = {}): RecordsCheck {
  const problems: { seq: number | null; problem: string }[] = [];
  // Written by a version that kept no records, and only looked at now.
  const kept = store.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'record'").get();
  if (kept === undefined) return { entries: 0, seal: null, problems };
  const records = recordsOf(store);
  const bodies = new Map<number, Pick<StoredRecord, 'kind' | 'body' | 'accountId' | 'at'>>();
  const given = givenLabelsCheck();
  let last: StoredRecord | null = null;
  let sealed = seal === null;
  for (const entry of records.walk()) {
    const { seq, kind, hash } = entry;
    if (seq !== (last?.seq ?? 0) + 1) problems.push({ seq, problem: 'entries before this one are missing' });
    if (entry.previousHash !== (last?.hash ?? ''))
      problems.push({ seq, problem: 'it does not follow the entry before it' });
    const unchanged = recordHash(entry) === hash;
    if (!unchanged) problems.push({ seq, problem: 'it was changed' });
    if (hash === seal) sealed = true;
    if (kind === 'verdict' || kind === 'consensus') bodies.set(seq, entry);
    if (unchanged) given.add(entry);
    last = entry;
  }
  const head = records.head();
  if (head?.seq !== last?.seq || head?.hash !== last?.hash)
    problems.push({ seq: last?.seq ?? null, problem: 'entries after this one are missing' });
  if (!sealed) problems.push({ seq: null, problem: 'the given seal is of no entry of this log' });
  compareRows(store, bodies, problems);
  problems.push(...given.problems(store));
  return { entries: last?.seq ?? 0, seal: last?.hash ?? null, problems };
}

function compareRows(
  store: Store,
  bodies: Map<number, Pick<StoredRecord, 'kind' | 'body' | 'accountId' | 'at'>>,
  problems: { seq: number | null; problem: string }[],
): void {
  const verdicts = verdictsOf(store);
  const compare = (
    row: { recordSeq: number; accountId: string; at: string },
    body: unknown,
    what: string,
  ): void => {
    const entry = bodies.get(row.recordSeq);
    bodies.delete(row.recordSeq);
    const told = canonicalJson([entry?.body, entry?.accountId, entry?.at]);
    if (told !== canonicalJson([canonicalJson(body), row.accountId, row.at]))
      problems.push({ seq: row.recordSeq, problem: `the ${what} of this entry was changed` });
  };
  const standing = new Map<string, string | null>();
  const byId = new Map<string, StoredVerdict>();
  for (const row of verdicts.all()) {
    compare(row, verdictBody(row), 'verdict');
    byId.set(row.id, row);
    standing.set(row.itemId, row.withdrawal ? (byId.get(row.supersedes ?? '')?.supersedes ?? null) : row.id);
  }
  for (const row of verdicts.allDecisions()) compare(row, decisionBody(row), 'decision');
  for (const seq of bodies.keys()) problems.push({ seq, problem: 'what this entry tells of is missing' });
  const items = store.db
    .prepare<[], { id: string; verdict_id: string | null }>(
      'SELECT id, verdict_id FROM round_item ORDER BY id',
    )
    .all();
  for (const { id, verdict_id } of items) {
    if ((standing.get(id) ?? null) === verdict_id) continue;
    const seq = byId.get(verdict_id ?? standing.get(id) ?? '')?.recordSeq ?? null;
    problems.push({ seq, problem: 'what stands is not what the log says stands' });
  }
}
