import type { Criterion, Verdict } from '../../src-shared/rating/verdict.ts';
import { labelOf } from '../../src-shared/rating/verdict.ts';
import type { RiskStatement } from '../../src-shared/triage/riskStatement.ts';
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
}

type Row = Record<string, unknown>;

/** Triage runs, what they decided, models taken from files, and verdicts given in the review queue. */
export function triageOf({ db, atOnce }: Store) {
  const addRun = db.prepare(
    `INSERT INTO triage_run (model_hash, criterion, alpha, delta, statement, settings, software, at)
     VALUES (@modelHash, @criterion, @alpha, @delta, @statement, @settings, @software, @at)`,
  );
  const addItem = db.prepare(
    `INSERT INTO triage_item (run_id, defacing_id, image_sha256, score, decision, reasons, cost, audit)
     VALUES (@runId, @defacingId, @imageSha256, @score, @decision, @reasons, @cost, @audit)`,
  );
  const runs = db.prepare<[], Row>(
    'SELECT id, model_hash AS modelHash, criterion, statement, settings, software, at FROM triage_run ORDER BY id DESC',
  );
  const items = db.prepare<[number], Row>(
    `SELECT defacing_id AS defacingId, image_sha256 AS imageSha256, score, decision, reasons, cost, audit FROM triage_item
     WHERE run_id = ? ORDER BY cost DESC, defacing_id`,
  );
  const addModel = db.prepare<[string, string, string]>(
    'INSERT OR IGNORE INTO triage_model (id, content, at) VALUES (?, ?, ?)',
  );
  const models = db.prepare<[], { id: string; content: string }>(
    'SELECT id, content FROM triage_model ORDER BY at, id',
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
        addItem.run({ ...item, runId, reasons: JSON.stringify(item.reasons), audit: item.audit ? 1 : 0 });
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
          }) as TriageItemRow,
      ),
    addModel: (id: string, content: string, at: string): void => void addModel.run(id, content, at),
    models: () => models.all(),
    /** A verdict of the review queue as the label of both criteria. */
    putVerdict: (defacingId: string, verdict: Verdict, seq: number): void => {
      for (const criterion of ['strict', 'lenient'] as const)
        putLabel.run({ defacingId, criterion, label: labelOf(verdict, criterion), seq });
    },
  };
}
