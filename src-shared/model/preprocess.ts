import { quantileSorted } from '../stats/quantile.ts';
import { columnOf, type Matrix } from './matrix.ts';

/** What was learned from training rows to make any row ready for a model, one entry a feature. */
export interface Preprocessing {
  /** Median of the known training values, put where a value is missing. */
  readonly fill: readonly number[];
  readonly mean: readonly number[];
  /** Standard deviation with divisor n, as scikit-learn; 1 for a constant feature. */
  readonly scale: readonly number[];
}

/**
 * Medians for missing values (NaN), then mean and standard deviation of the filled columns. A feature without a single
 * known value in these rows, as a rarely known one may be in some fold, is 0 in every row.
 */
export function fitPreprocessing(x: Matrix): Preprocessing {
  const fill: number[] = [];
  const mean: number[] = [];
  const scale: number[] = [];
  for (let j = 0; j < x.columns; j++) {
    const column = columnOf(x, j);
    const known = column.filter((value) => !Number.isNaN(value)).sort();
    if (known.length === 0) {
      // Nothing was learned of it, so whatever it is later becomes 0, where it can move no model.
      fill.push(0);
      mean.push(0);
      scale.push(Number.MAX_VALUE);
      continue;
    }
    const middle = quantileSorted(known, 0.5);
    let sum = 0;
    for (let i = 0; i < column.length; i++) {
      if (Number.isNaN(column[i])) column[i] = middle;
      sum += column[i];
    }
    const average = sum / column.length;
    let squares = 0;
    for (const value of column) squares += (value - average) * (value - average);
    const sd = Math.sqrt(squares / column.length);
    fill.push(middle);
    mean.push(average);
    scale.push(sd > 1e-12 * Math.max(1, Math.abs(average)) ? sd : 1);
  }
  return { fill, mean, scale };
}

/** Missing values filled and columns scaled to mean 0 and standard deviation 1 of the training rows, in a new matrix. */
export function applyPreprocessing({ fill, mean, scale }: Preprocessing, x: Matrix): Matrix {
  const values = new Float64Array(x.values.length);
  for (let i = 0, at = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++, at++) {
      const value = x.values[at];
      values[at] = ((Number.isNaN(value) ? fill[j] : value) - mean[j]) / scale[j];
    }
  return { rows: x.rows, columns: x.columns, values };
}
