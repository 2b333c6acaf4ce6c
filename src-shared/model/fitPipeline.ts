import { groupIndices } from '../stats/clusterBootstrap.ts';
import { seededRandom } from '../stats/random.ts';
import { AppError } from '../api/appError.ts';
import type { EvaluationSettings } from './evaluationSettings.ts';
import { type InnerFold, selectFeatures, type SelectionResult } from './featureSelection.ts';
import { stratifiedGroupFolds } from './groupFolds.ts';
import type { LearningTable } from './learningTable.ts';
import { type Matrix, takeColumns, takeRows } from './matrix.ts';
import { auroc, bestThreshold } from './metrics.ts';
import { type Fitted, type ModelId, type ModelSettings, models } from './models.ts';
import { calibrate, type Calibration, fitPlatt } from './platt.ts';
import { applyPreprocessing, fitPreprocessing, type Preprocessing } from './preprocess.ts';

/** Everything between a row of features and a decision. Columns are of the table it was fitted on. */
export interface Pipeline {
  readonly model: ModelId;
  readonly settings: ModelSettings;
  readonly columns: readonly number[];
  readonly preprocessing: Preprocessing;
  readonly fitted: Fitted;
  readonly calibration: Calibration;
  /** Calibrated probability from which on an item is called insufficient. */
  readonly threshold: number;
}

export interface PipelineFit {
  readonly pipeline: Pipeline;
  readonly selection: SelectionResult | null;
  /** Mean inner AUROC of every candidate of the grid. */
  readonly grid: readonly { readonly settings: ModelSettings; readonly auroc: number }[];
  /** Inner fold of each training row. */
  readonly innerFolds: readonly number[];
}

/** Fewer inner folds where persons are few; two at least, or the split is refused. */
function innerSplit(
  labels: Uint8Array,
  persons: Int32Array,
  k: number,
  seed: number,
): { folds: Int32Array; k: number } {
  for (let folds = k; ; folds--)
    try {
      return { folds: stratifiedGroupFolds(labels, persons, folds, seededRandom(seed, 'inner')), k: folds };
    } catch (error) {
      if (folds <= 2 || !(error instanceof AppError) || error.code !== 'split-impossible') throw error;
    }
}

/**
 * Fits a model with everything that belongs to it on the named rows of a table, by inner stratified group folds:
 * feature selection, settings from the grid (highest mean inner AUROC, ties to the first), Platt calibration and
 * threshold from inner out-of-fold scores; then imputation, scaling and the model on all named rows. Only `rows` is read.
 */
export function fitPipeline(
  table: LearningTable,
  rows: readonly number[],
  model: ModelId,
  settings: EvaluationSettings,
  seed: number,
): PipelineFit {
  const names = table.features.map((feature) => feature.id);
  const kind = models[model];
  const x = takeRows(table.x, rows);
  const y = Uint8Array.from(rows, (row) => table.labels[row]);
  const persons = groupIndices(rows.map((row) => table.persons[row])).indices;
  const inner = innerSplit(y, persons, settings.innerFolds, seed);
  const grid = settings.grids[model] ?? [{}];
  const everyRow = rows.map((_, i) => i);
  const parts = Array.from({ length: inner.k }, (_, k) => {
    const trainRows = everyRow.filter((i) => inner.folds[i] !== k);
    const testRows = everyRow.filter((i) => inner.folds[i] === k);
    const raw = takeRows(x, trainRows);
    const preprocessing = fitPreprocessing(raw);
    const part = {
      train: { x: applyPreprocessing(preprocessing, raw), y: Uint8Array.from(trainRows, (i) => y[i]) },
      test: {
        x: applyPreprocessing(preprocessing, takeRows(x, testRows)),
        y: Uint8Array.from(testRows, (i) => y[i]),
      },
      persons: Int32Array.from(trainRows, (i) => persons[i]),
      testRows,
    };
    const fitWith = (columns: readonly number[], candidate: ModelSettings): ((x: Matrix) => Float64Array) => {
      const fitted = kind.fit(
        { x: takeColumns(part.train.x, columns), y: part.train.y, persons: part.persons },
        candidate,
        seed,
      );
      return (rowsToScore) => kind.predict(fitted, takeColumns(rowsToScore, columns));
    };
    return { ...part, fitWith };
  });
  const scoresOf = (
    columns: readonly number[],
    candidate: ModelSettings,
  ): { scores: Float64Array; auroc: number } => {
    const scores = new Float64Array(rows.length);
    let sum = 0;
    for (const part of parts) {
      const partScores = part.fitWith(columns, candidate)(part.test.x);
      for (const [k, i] of part.testRows.entries()) scores[i] = partScores[k];
      sum += auroc(part.test.y, partScores);
    }
    return { scores, auroc: sum / parts.length };
  };
  const selection =
    settings.selection === null
      ? null
      : selectFeatures(
          x,
          table.features,
          parts.map((part): InnerFold => ({ ...part, fit: (columns) => part.fitWith(columns, grid[0]) })),
          (columns) => scoresOf(columns, grid[0]).auroc,
          settings.selection,
          seed,
        );
  const columns = selection?.columns ?? names.map((_, j) => j);
  const tried = grid.map((candidate) => ({ settings: candidate, ...scoresOf(columns, candidate) }));
  const best = tried.reduce((a, b) => (b.auroc > a.auroc + 1e-12 ? b : a));
  const calibration = fitPlatt(best.scores, y);
  const calibrated = best.scores.map((score) => calibrate(calibration, score));
  const chosen = takeColumns(x, columns);
  const preprocessing = fitPreprocessing(chosen);
  const fitted = kind.fit({ x: applyPreprocessing(preprocessing, chosen), y, persons }, best.settings, seed);
  return {
    pipeline: {
      model,
      settings: best.settings,
      columns,
      preprocessing,
      fitted,
      calibration,
      threshold: settings.threshold === 'half' ? 0.5 : bestThreshold(y, calibrated),
    },
    selection,
    grid: tried.map((entry) => ({ settings: entry.settings, auroc: entry.auroc })),
    innerFolds: [...inner.folds],
  };
}

/** Scores, calibrated probabilities and decisions (1 insufficient) for rows with the table's columns. */
export function runPipeline(
  pipeline: Pipeline,
  x: Matrix,
): { scores: Float64Array; probabilities: Float64Array; predicted: Uint8Array } {
  const ready = applyPreprocessing(pipeline.preprocessing, takeColumns(x, pipeline.columns));
  const scores = models[pipeline.model].predict(pipeline.fitted, ready);
  const probabilities = scores.map((score) => calibrate(pipeline.calibration, score));
  const predicted = Uint8Array.from(probabilities, (p) => (p >= pipeline.threshold ? 1 : 0));
  return { scores, probabilities, predicted };
}
