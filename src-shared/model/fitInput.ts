import { AppError } from '../api/appError.ts';
import type { Matrix } from './matrix.ts';

/** What a model is fitted on. Label 1 is the positive class (insufficient), 0 the other. */
export interface FitInput {
  readonly x: Matrix;
  readonly y: Uint8Array;
  /** How much each row counts, >= 0; absent: 1 each. */
  readonly weights?: Float64Array;
  /** Number of the person behind each row; early stopping holds whole persons back. */
  readonly persons?: Int32Array;
}

/** `balanced` gives both classes the same total weight, half of all, as scikit-learn does; a pair is [adequate, insufficient]. */
export type ClassWeight = 'none' | 'balanced' | readonly [number, number];

/** Refuses what no model can learn from: AppError `model-input` with a sentence that says which. */
export function checkFitInput({ x, y, weights, persons }: FitInput): void {
  const refuse = (sentence: string, facts: Record<string, unknown> = {}): never => {
    throw new AppError('model-input', sentence, facts);
  };
  if (x.rows === 0) refuse('There are no rows to learn from.');
  if (x.columns === 0) refuse('There are no features to learn from.');
  if (x.values.length !== x.rows * x.columns) refuse('The table of features is not rectangular.');
  if (y.length !== x.rows)
    refuse('There must be one label for each row.', { rows: x.rows, labels: y.length });
  if (weights !== undefined && weights.length !== x.rows)
    refuse('There must be one weight for each row.', { rows: x.rows, weights: weights.length });
  if (persons !== undefined && persons.length !== x.rows)
    refuse('There must be one person for each row.', { rows: x.rows, persons: persons.length });
  const total = [0, 0];
  for (let i = 0; i < y.length; i++) {
    if (y[i] > 1) refuse('A label is neither 0 nor 1.', { row: i });
    const weight = weights === undefined ? 1 : weights[i];
    if (!(weight >= 0 && weight < Infinity)) refuse('A weight is negative or not a number.', { row: i });
    total[y[i]] += weight;
  }
  if (total[0] === 0 || total[1] === 0)
    refuse('All rows have the same label; a model needs both adequate and insufficient examples.', {
      adequate: total[0],
      insufficient: total[1],
    });
  checkFinite(x);
}

function checkFinite(x: Matrix): void {
  for (let i = 0; i < x.values.length; i++)
    if (!Number.isFinite(x.values[i]))
      throw new AppError(
        'model-input',
        'A feature value is missing or not finite; fill or leave out such rows first.',
        {
          row: Math.floor(i / x.columns),
          column: i % x.columns,
        },
      );
}

/** Refuses rows that a fitted model cannot score: AppError `model-input`. Zero rows are fine and give no scores. */
export function checkPredictInput(x: Matrix, columns: number): void {
  if (x.columns !== columns)
    throw new AppError('model-input', `The model needs ${columns} features and was given ${x.columns}.`, {
      expected: columns,
      given: x.columns,
    });
  checkFinite(x);
}

/** Row weights times class weights, rows x 1. */
export function rowWeights({ y, weights }: FitInput, classWeight: ClassWeight): Float64Array {
  let factors: readonly [number, number] = [1, 1];
  if (classWeight === 'balanced') {
    const total = [0, 0];
    for (let i = 0; i < y.length; i++) total[y[i]] += weights === undefined ? 1 : weights[i];
    factors = [(total[0] + total[1]) / (2 * total[0]), (total[0] + total[1]) / (2 * total[1])];
  } else if (classWeight !== 'none') factors = classWeight;
  return Float64Array.from(y, (label, i) => factors[label] * (weights === undefined ? 1 : weights[i]));
}
