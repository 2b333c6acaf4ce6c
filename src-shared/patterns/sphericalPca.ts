import type { Matrix } from '../model/matrix.ts';
import { symmetricEigen } from './symmetricEigen.ts';

export interface Components {
  /** Two numbers a row: its place on the map. */
  readonly places: Float64Array;
  /** Share of the spread of directions that the two axes show, 0 to 1. */
  readonly shown: number;
  /** Weights of the columns on each axis. */
  readonly axes: readonly [Float64Array, Float64Array];
}

/**
 * Two robust principal components: rows less their column medians are put on the unit sphere before the covariance is
 * taken, so that a far outlier counts as one direction and no more (spherical PCA: Locantore et al. 1999). `scaled` comes
 * from `robustScale`, whose medians are 0.
 */
export function sphericalPca({ rows, columns: n, values }: Matrix): Components {
  const covariance = new Float64Array(n * n);
  let counted = 0;
  for (let r = 0; r < rows; r++) {
    const row = values.subarray(r * n, (r + 1) * n);
    let length = 0;
    for (let c = 0; c < n; c++) length += row[c] * row[c];
    if (length < 1e-12) continue;
    counted++;
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) covariance[i * n + j] += (row[i] * row[j]) / length;
  }
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      covariance[i * n + j] /= Math.max(1, counted);
      covariance[j * n + i] = covariance[i * n + j];
    }
  }
  const { values: spread, vectors } = symmetricEigen(covariance, n);
  const none = new Float64Array(n);
  const axes = [vectors[0] ?? none, vectors[1] ?? none] as const;
  const places = new Float64Array(2 * rows);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < n; c++) {
      places[2 * r] += values[r * n + c] * axes[0][c];
      places[2 * r + 1] += values[r * n + c] * axes[1][c];
    }
  const whole = spread.reduce((sum, value) => sum + value, 0);
  return { places, shown: whole > 0 ? ((spread[0] ?? 0) + (spread[1] ?? 0)) / whole : 0, axes };
}
