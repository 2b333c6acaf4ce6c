import { canonicalJson } from '../../src-shared/domain/provenance.ts';
import { labelOf, type Criterion, type Label } from '../../src-shared/rating/verdict.ts';
import type { StoredRecord } from '../store/records.ts';
import type { Store } from '../store/openStore.ts';
import type { TriageVerdictRow } from '../store/triage.ts';

/** What a verdict of the review queue and its entry say alike. */
type ReviewBody = Omit<TriageVerdictRow, 'id' | 'recordSeq' | 'at'>;
interface ImportedBody {
  readonly labels: readonly {
    readonly defacingId: string;
    readonly labels: Partial<Record<Criterion, Label>>;
  }[];
}
type Labels = Partial<Record<Criterion, { readonly label: Label; readonly seq: number }>>;

/** Kinds of entries that labels outside of rounds come from. */
const kinds = ['labels-imported', 'triage-verdict', 'triage-verdict-taken-back'];

/**
 * Labels that no round made, held to the log: its imports, verdicts of the review queue and withdrawals are played again, and what
 * they come to must be what the tables hold. `add` takes the entries in their order, `problems` compares.
 */
export function givenLabelsCheck() {
  const reviews = new Map<number, { body: ReviewBody; at: string; before: Labels }>();
  const labels = new Map<string, Labels>();
  return {
    add({ seq, kind, body, at }: Pick<StoredRecord, 'seq' | 'kind' | 'body' | 'at'>): void {
      if (!kinds.includes(kind)) return;
      const told = JSON.parse(body) as unknown;
      if (kind === 'labels-imported') {
        for (const one of (told as ImportedBody).labels) {
          const now: Labels = { ...labels.get(one.defacingId) };
          for (const [criterion, label] of Object.entries(one.labels))
            now[criterion as Criterion] = { label, seq };
          labels.set(one.defacingId, now);
        }
      } else if (kind === 'triage-verdict') {
        const review = told as ReviewBody;
        const { defacingId, verdict } = review;
        reviews.set(seq, { body: review, at, before: labels.get(defacingId) ?? {} });
        labels.set(defacingId, {
          strict: { label: labelOf(verdict, 'strict'), seq },
          lenient: { label: labelOf(verdict, 'lenient'), seq },
        });
      } else {
        const { defacingId, of } = told as { defacingId: string; of: number };
        const before = reviews.get(of)?.before ?? {};
        reviews.delete(of);
        // Labels that came after it stay.
        if (Object.values(labels.get(defacingId) ?? {}).every((label) => label.seq === of))
          labels.set(defacingId, before);
      }
    },
    problems({ db }: Store): { seq: number; problem: string }[] {
      const found: { seq: number; problem: string }[] = [];
      const has = (table: string): boolean =>
        db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined;
      if (has('triage_verdict')) {
        const missing = new Set(reviews.keys());
        for (const row of db
          .prepare<[], ReviewBody & { brainCut: unknown; seq: number; at: string }>(
            `SELECT defacing_id AS defacingId, defacing_key AS defacingKey, verdict, brain_cut AS brainCut, name, note,
               record_seq AS seq, at FROM triage_verdict ORDER BY id`,
          )
          .all()) {
          const { seq, at, brainCut, ...rest } = row;
          const review = reviews.get(seq);
          if (
            !missing.delete(seq) ||
            canonicalJson([review?.body, review?.at]) !==
              canonicalJson([{ ...rest, brainCut: Number(brainCut) === 1 }, at])
          )
            found.push({ seq, problem: 'the verdict of the review queue of this entry was changed' });
        }
        for (const seq of missing) found.push({ seq, problem: 'what this entry tells of is missing' });
      }
      if (has('imported_label')) {
        const expected = new Map<string, number>();
        for (const [defacingId, each] of labels)
          for (const [criterion, { label, seq }] of Object.entries(each))
            expected.set(`${defacingId} ${criterion} ${label} ${seq}`, seq);
        for (const { key, seq } of db
          .prepare<[], { key: string; seq: number }>(
            `SELECT defacing_id || ' ' || criterion || ' ' || label || ' ' || record_seq AS key, record_seq AS seq
             FROM imported_label ORDER BY defacing_id, criterion`,
          )
          .all()) {
          if (!expected.delete(key)) found.push({ seq, problem: 'a label is not what this entry says' });
        }
        for (const seq of expected.values())
          found.push({ seq, problem: 'a label that this entry tells of is missing' });
      }
      return found;
    },
  };
}
