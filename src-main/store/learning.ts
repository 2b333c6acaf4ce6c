import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { Store } from './openStore.ts';

type Row = Record<string, unknown>;

/** An evaluation as stored: what was asked for. */
export interface EvaluationRow {
  readonly id: string;
  /** JSON of a `Recipe`. */
  readonly recipe: string;
  /** The job that worked on it last. */
  readonly jobId: number | null;
  readonly software: string;
  readonly accountId: string | null;
  readonly startedAt: string;
}

/** One criterion of an evaluation. */
export interface PartRow {
  readonly evaluationId: string;
  readonly criterion: Criterion;
  /** Hash of table and settings. */
  readonly plan: string;
  /** JSON of the table it learns from, and what was left out. */
  readonly data: string;
  /** Folds in all. */
  readonly steps: number;
  /** JSON of why nothing could be evaluated; null where it could. */
  readonly refusal: string | null;
  /** JSON of the results once all folds are done. */
  readonly result: string | null;
  readonly endedAt: string | null;
}

export interface ModelRow {
  readonly id: string;
  readonly criterion: Criterion;
  /** Counts from 1 for each criterion. */
  readonly version: number;
  readonly name: string;
  readonly evaluationId: string;
  readonly variant: 'all' | 'without-method';
  /** The model file, as `saveModel` writes it. */
  readonly content: string;
  readonly hash: string;
  /** JSON of the model card. */
  readonly card: string;
  readonly software: string;
  readonly accountId: string | null;
  readonly createdAt: string;
}

const evaluationColumns =
  'id, recipe, job_id AS jobId, software, account_id AS accountId, started_at AS startedAt';
const partColumns =
  'evaluation_id AS evaluationId, criterion, plan, data, steps, refusal, result, ended_at AS endedAt';
const modelColumns = `id, criterion, version, name, evaluation_id AS evaluationId, variant, content, hash, card, software,
  account_id AS accountId, created_at AS createdAt`;

/** Evaluations, their folds, and the models that were kept. */
export function learningOf({ db, atOnce }: Store) {
  const addEvaluation = db.prepare(
    `INSERT INTO evaluation (id, recipe, job_id, software, account_id, started_at)
     VALUES (@id, @recipe, @jobId, @software, @accountId, @startedAt)`,
  );
  const setJob = db.prepare<[number, string]>('UPDATE evaluation SET job_id = ? WHERE id = ?');
  const evaluation = db.prepare<[string], EvaluationRow>(
    `SELECT ${evaluationColumns} FROM evaluation WHERE id = ?`,
  );
  const evaluations = db.prepare<[], EvaluationRow>(
    `SELECT ${evaluationColumns} FROM evaluation ORDER BY started_at DESC, rowid DESC`,
  );
  const addPart = db.prepare(
    `INSERT INTO evaluation_part (evaluation_id, criterion, plan, data, steps, refusal, result, ended_at)
     VALUES (@evaluationId, @criterion, @plan, @data, @steps, @refusal, @result, @endedAt)`,
  );
  const parts = db.prepare<[string], PartRow>(
    `SELECT ${partColumns} FROM evaluation_part WHERE evaluation_id = ? ORDER BY criterion`,
  );
  const part = db.prepare<[string, string], PartRow>(
    `SELECT ${partColumns} FROM evaluation_part WHERE evaluation_id = ? AND criterion = ?`,
  );
  const endPart = db.prepare<[string, string, string, string]>(
    'UPDATE evaluation_part SET result = ?, ended_at = ? WHERE evaluation_id = ? AND criterion = ?',
  );
  const addFold = db.prepare<[string, string, string, string]>(
    'INSERT OR IGNORE INTO evaluation_fold (evaluation_id, criterion, task, result) VALUES (?, ?, ?, ?)',
  );
  const folds = db.prepare<[string, string], { result: string }>(
    'SELECT result FROM evaluation_fold WHERE evaluation_id = ? AND criterion = ? ORDER BY rowid',
  );
  const foldCount = db.prepare<[string, string], { n: number }>(
    'SELECT count(*) AS n FROM evaluation_fold WHERE evaluation_id = ? AND criterion = ?',
  );
  const dropFolds = db.prepare<[string]>('DELETE FROM evaluation_fold WHERE evaluation_id = ?');
  const dropParts = db.prepare<[string]>('DELETE FROM evaluation_part WHERE evaluation_id = ?');
  const dropEvaluation = db.prepare<[string]>('DELETE FROM evaluation WHERE id = ?');
  const nextVersion = db.prepare<[string], { next: number }>(
    'SELECT coalesce(max(version), 0) + 1 AS next FROM model WHERE criterion = ?',
  );
  const addModel = db.prepare(
    `INSERT INTO model (id, criterion, version, name, evaluation_id, variant, content, hash, card, software, account_id, created_at)
     VALUES (@id, @criterion, @version, @name, @evaluationId, @variant, @content, @hash, @card, @software, @accountId, @createdAt)`,
  );
  const model = db.prepare<[string], ModelRow>(`SELECT ${modelColumns} FROM model WHERE id = ?`);
  const models = db.prepare<[], ModelRow>(
    `SELECT ${modelColumns} FROM model ORDER BY criterion, version DESC`,
  );
  const inUse = db.prepare<[string], { id: string; since: string }>(
    'SELECT model_id AS id, since FROM model_in_use WHERE criterion = ?',
  );
  const setInUse = db.prepare<[string, string, string]>(
    `INSERT INTO model_in_use (criterion, model_id, since) VALUES (?, ?, ?)
     ON CONFLICT (criterion) DO UPDATE SET model_id = excluded.model_id, since = excluded.since`,
  );
  const clearInUse = db.prepare<[string]>('DELETE FROM model_in_use WHERE criterion = ?');
  const keptFrom = db.prepare<[string], Row>('SELECT 1 FROM model WHERE evaluation_id = ?');
  return {
    addEvaluation: (row: EvaluationRow, itsParts: readonly PartRow[]): void =>
      atOnce(() => {
        addEvaluation.run(row);
        for (const each of itsParts) addPart.run(each);
      }),
    setJob: (id: string, jobId: number): void => void setJob.run(jobId, id),
    evaluation: (id: string): EvaluationRow | null => evaluation.get(id) ?? null,
    evaluations: (): EvaluationRow[] => evaluations.all(),
    /** Lenient first. */
    parts: (id: string): PartRow[] => parts.all(id),
    part: (id: string, criterion: Criterion): PartRow | null => part.get(id, criterion) ?? null,
    endPart: (id: string, criterion: Criterion, result: string, at: string): void =>
      void endPart.run(result, at, id, criterion),
    /** A fold that is there already stays as it is. */
    addFold: (id: string, criterion: Criterion, task: string, result: string): void =>
      void addFold.run(id, criterion, task, result),
    folds: (id: string, criterion: Criterion): string[] =>
      folds.all(id, criterion).map(({ result }) => result),
    foldCount: (id: string, criterion: Criterion): number => foldCount.get(id, criterion)?.n ?? 0,
    /** Whether a model was kept from it: then it stays. */
    hasModels: (id: string): boolean => keptFrom.get(id) !== undefined,
    dropEvaluation: (id: string): void =>
      atOnce(() => {
        dropFolds.run(id);
        dropParts.run(id);
        dropEvaluation.run(id);
      }),
    nextVersion: (criterion: Criterion): number => nextVersion.get(criterion)?.next ?? 1,
    addModel: (row: ModelRow): void => void addModel.run(row),
    model: (id: string): ModelRow | null => model.get(id) ?? null,
    /** Newest first within a criterion. */
    models: (): ModelRow[] => models.all(),
    inUse: (criterion: Criterion): { id: string; since: string } | null => inUse.get(criterion) ?? null,
    setInUse: (criterion: Criterion, id: string, at: string): void => void setInUse.run(criterion, id, at),
    clearInUse: (criterion: Criterion): void => void clearInUse.run(criterion),
  };
}

export type Learning = ReturnType<typeof learningOf>;
