import type { LearningTable } from './learningTable.ts';
import { columnOf, takeRows } from './matrix.ts';
import { auroc, bestThreshold } from './metrics.ts';
import { calibrate, fitPlatt } from './platt.ts';
import { fitPreprocessing } from './preprocess.ts';

export const baselineIds = ['always-insufficient', 'method-only', 'best-single-feature'] as const;
export type BaselineId = (typeof baselineIds)[number];

export interface BaselineScores {
  readonly scores: number[];
  readonly probabilities: number[];
  readonly predicted: number[];
  /** The feature chosen on the training rows, for the best single feature. */
  readonly features: string[];
}

/** What a model has to beat, fitted on the training rows alone. Null where it does not apply (no tools known). */
export function baselineScores(
  id: BaselineId,
  table: LearningTable,
  trainRows: readonly number[],
  testRows: readonly number[],
): BaselineScores | null {
  const y = Uint8Array.from(trainRows, (row) => table.labels[row]);
  const share = y.reduce((sum, label) => sum + label, 0) / y.length;
  if (id === 'always-insufficient')
    return {
      scores: testRows.map(() => 1),
      probabilities: testRows.map(() => share),
      predicted: testRows.map(() => 1),
      features: [],
    };
  if (id === 'method-only') {
    const { tools } = table;
    if (tools === null) return null;
    const counts = new Map<string, [number, number]>();
    for (const row of trainRows) {
      const entry = counts.get(tools[row]) ?? [0, 0];
      entry[table.labels[row]]++;
      counts.set(tools[row], entry);
    }
    // Two items' worth of the overall share keeps a rare tool from 0 and 1; an unseen tool gets the overall share.
    const probabilityOf = (tool: string): number => {
      const [adequate, insufficient] = counts.get(tool) ?? [0, 0];
      return (insufficient + 2 * share) / (adequate + insufficient + 2);
    };
    const threshold = bestThreshold(
      y,
      trainRows.map((row) => probabilityOf(tools[row])),
    );
    const probabilities = testRows.map((row) => probabilityOf(tools[row]));
    return {
      scores: probabilities,
      probabilities,
      predicted: probabilities.map((p) => (p >= threshold ? 1 : 0)),
      features: ['method'],
    };
  }
  const x = takeRows(table.x, trainRows);
  const single = table.features.map((_, j) => j).filter((j) => table.features[j].block === null);
  if (single.length === 0) return null;
  const { fill, mean, scale } = fitPreprocessing(x);
  const filled = (value: number, j: number): number => (Number.isNaN(value) ? fill[j] : value);
  let best = { column: single[0], area: -1, sign: 1 };
  for (const j of single) {
    const area = auroc(
      y,
      columnOf(x, j).map((value) => filled(value, j)),
    );
    const strength = Math.max(area, 1 - area);
    if (strength > best.area) best = { column: j, area: strength, sign: area >= 0.5 ? 1 : -1 };
  }
  const { column, sign } = best;
  const scoreOf = (value: number): number =>
    1 / (1 + Math.exp((-sign * (filled(value, column) - mean[column])) / scale[column]));
  const trainScores = columnOf(x, column).map(scoreOf);
  const calibration = fitPlatt(trainScores, y);
  const threshold = bestThreshold(
    y,
    trainScores.map((score) => calibrate(calibration, score)),
  );
  const scores = testRows.map((row) => scoreOf(table.x.values[row * table.x.columns + column]));
  const probabilities = scores.map((score) => calibrate(calibration, score));
  return {
    scores,
    probabilities,
    predicted: probabilities.map((p) => (p >= threshold ? 1 : 0)),
    features: [table.features[column].id],
  };
}
