import type { Criterion, Verdict } from '../../src-shared/rating/verdict.ts';
import { labelOf } from '../../src-shared/rating/verdict.ts';
import type { RiskStatement } from '../../src-shared/triage/riskStatement.ts';
import type { OutsideFinding } from '../../src-shared/triage/outsideFindings.ts';
import type { TriageDecision } from '../../src-shared/triage/triageDecision.ts';
import type { Store } from './openStore.ts';

export interface TriageRunRow {
  readonly id: number;
  readonly modelHash: string;
  readonly criterion: Criterion;
  readonly statement: RiskStatement;
  readonly settings: {
    readonly modelId: string;
    readonly modelName: string;
    readonly sentence: string;
    readonly [name: string]: unknown;
  };
  readonly software: string;
  readonly at: string;
}

export interface TriageItemRow {
  readonly defacingId: string;
  readonly imageSha256: string;
  readonly score: number | null;
  readonly decision: TriageDecision;
  readonly reasons: readonly string[];
  readonly cost: number;
  readonly audit: boolean;
  /** What of it the model was never trained on, where that is why it was held. */
  readonly outside: readonly Pick<OutsideFinding, 'kind' | 'what'>[];
}

/** A verdict given in the review queue. */
export interface TriageVerdictRow {
  readonly id: number;
  readonly defacingId: string;
  /** Key of the defacing it was given on. */
  readonly defacingKey: string;
  readonly verdict: Verdict;
  readonly brainCut: boolean;
  readonly name: string;
  readonly note: string;
  readonly recordSeq: number;
  readonly at: string;
}

type LabelsBefore = Readonly<Partial<Record<Criterion, { readonly label: 0 | 1; readonly seq: number }>>>;

type Row = Record<string, unknown>;

/** Triage runs, what they decided, models taken from files, and verdicts given in the review queue. */
export function triageOf({ db, atOnce }: Store) {
  const addRun = db.prepare(
    `INSERT INTO triage_run (model_hash, criterion, alpha, delta, statement, settings, software, at)
     VALUES (@modelHash, @criterion, @alpha, @delta, @statement, @settings, @software, @at)`,
  );
  const addItem = db.prepare(
    `INSERT INTO triage_item (run_id, defacing_id, image_sha256, score, decision, reasons, cost, audit, outside)
     VALUES (@runId, @defacingId, @imageSha256, @score, @decision, @reasons, @cost, @audit, @outside)`,
  );
  const runs = db.prepare<[], Row>(
    'SELECT id, model_hash AS modelHash, criterion, statement, settings, software, at FROM triage_run ORDER BY id DESC',
  );
  const items = db.prepare<[number], Row>(
    `SELECT defacing_id AS defacingId, image_sha256 AS imageSha256, score, decision, reasons, cost, audit, outside
     FROM triage_item
     WHERE run_id = ? ORDER BY cost DESC, defacing_id`,
  );
  const addModel = db.prepare<[string, string, string]>(
    'INSERT OR IGNORE INTO triage_model (id, content, at) VALUES (?, ?, ?)',
  );
  const models = db.prepare<[], { id: string; content: string }>(
    'SELECT id, content FROM triage_model ORDER BY at, id',
  );
  const drawAudit = db.prepare<[number, string]>(
    'UPDATE triage_item SET audit = 1 WHERE run_id = ? AND defacing_id = ?',
  );
  const labels = db.prepare<[string], { criterion: Criterion; label: 0 | 1; seq: number }>(
    'SELECT criterion, label, record_seq AS seq FROM imported_label WHERE defacing_id = ?',
  );
  const dropLabels = db.prepare<[string]>('DELETE FROM imported_label WHERE defacing_id = ?');
  const addVerdict = db.prepare(
    `INSERT INTO triage_verdict (defacing_id, defacing_key, verdict, brain_cut, name, note, labels_before, record_seq, at)
     VALUES (@defacingId, @defacingKey, @verdict, @brainCut, @name, @note, @labelsBefore, @recordSeq, @at)`,
  );
  const dropVerdict = db.prepare<[number]>('DELETE FROM triage_verdict WHERE id = ?');
  const verdicts = db.prepare<[], Row>(
    `SELECT id, defacing_id AS defacingId, defacing_key AS defacingKey, verdict, brain_cut AS brainCut, name, note,
       labels_before AS labelsBefore, record_seq AS recordSeq, at FROM triage_verdict ORDER BY id`,
  );
  const putLabel = db.prepare(
    `INSERT INTO imported_label (defacing_id, criterion, label, record_seq) VALUES (@defacingId, @criterion, @label, @seq)
     ON CONFLICT (defacing_id, criterion) DO UPDATE SET label = @label, record_seq = @seq`,
  );
  const toRun = (row: Row): TriageRunRow =>
    ({
      ...row,
      statement: JSON.parse(String(row.statement)) as unknown,
      settings: JSON.parse(String(row.settings)) as unknown,
    }) as TriageRunRow;
  return {
    atOnce,
    addRun: (row: Omit<TriageRunRow, 'id'>, decided: readonly TriageItemRow[]): number => {
      const { alpha, delta } = row.statement;
      const texts = { statement: JSON.stringify(row.statement), settings: JSON.stringify(row.settings) };
      const runId = Number(addRun.run({ ...row, ...texts, alpha, delta }).lastInsertRowid);
      for (const item of decided)
        addItem.run({
          ...item,
          runId,
          reasons: JSON.stringify(item.reasons),
          audit: item.audit ? 1 : 0,
          outside: JSON.stringify(item.outside),
        });
      return runId;
    },
    /** Newest first. */
    runs: (): TriageRunRow[] => runs.all().map(toRun),
    /** Dearest first. */
    items: (runId: number): TriageItemRow[] =>
      items.all(runId).map(
        (row) =>
          ({
            ...row,
            reasons: JSON.parse(String(row.reasons)) as unknown,
            audit: row.audit === 1,
            outside: JSON.parse(String(row.outside)) as unknown,
          }) as TriageItemRow,
      ),
    addModel: (id: string, content: string, at: string): void => void addModel.run(id, content, at),
    models: () => models.all(),
    /** These go to people as well. */
    drawAudit: (runId: number, defacingIds: readonly string[]): void => {
      for (const id of defacingIds) drawAudit.run(runId, id);
    },
    /** A verdict of the review queue, and with it the label of both criteria. */
    putVerdict: (row: Omit<TriageVerdictRow, 'id'>): void => {
      const { defacingId, verdict, recordSeq: seq } = row;
      const before: LabelsBefore = Object.fromEntries(
        labels.all(defacingId).map(({ criterion, ...label }) => [criterion, label]),
      );
      addVerdict.run({ ...row, brainCut: row.brainCut ? 1 : 0, labelsBefore: JSON.stringify(before) });
      for (const criterion of ['strict', 'lenient'] as const)
        putLabel.run({ defacingId, criterion, label: labelOf(verdict, criterion), seq });
    },
    /** Takes the newest verdict on a defacing back: its labels are again what they were. false where there is none. */
    takeBack: (defacingId: string): boolean => {
      const row = verdicts.all().findLast((each) => each.defacingId === defacingId);
      if (row === undefined) return false;
      dropVerdict.run(Number(row.id));
      // Labels that came after it stay.
      if (!labels.all(defacingId).every(({ seq }) => seq === row.recordSeq)) return true;
      dropLabels.run(defacingId);
      for (const [criterion, label] of Object.entries(JSON.parse(String(row.labelsBefore)) as LabelsBefore))
        putLabel.run({ defacingId, criterion, ...label });
      return true;
    },
    /** The newest verdict of the review queue on each defacing. */
    verdicts: (): Map<string, TriageVerdictRow> =>
      new Map(
        (verdicts.all() as unknown as TriageVerdictRow[]).map((row) => [
          row.defacingId,
          { ...row, brainCut: Number(row.brainCut) === 1 },
        ]),
      ),
  };
}
