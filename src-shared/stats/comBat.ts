import { AppError } from '../api/appError.ts';
import { solveCholesky } from '../model/cholesky.ts';

export interface ComBatInput {
  /** Features by samples: one array a feature, one number a sample; no missing values. */
  readonly features: readonly ArrayLike<number>[];
  /** Scanner or site of each sample. */
  readonly batches: readonly string[];
  /** Covariates whose effect is kept: numbers as they are, texts as levels; one entry a sample. */
  readonly covariates?: Readonly<Record<string, readonly (string | number)[]>>;
}

export interface ComBatResult {
  /** Features by samples, harmonised. */
  readonly features: readonly Float64Array[];
  readonly batches: readonly string[];
  readonly samplesPerBatch: readonly number[];
}

/**
 * Parametric empirical-Bayes ComBat: location and scale of every batch are drawn to those of all, with covariates kept.
 * Sources: Johnson et al. 2007, doi 10.1093/biostatistics/kxj037; Fortin et al. 2018, doi
 * 10.1016/j.neuroimage.2017.11.024; equal to neuroCombat 0.2.12 within 1e-6, its stopping rule included. Throws
 * `harmonisation-impossible` for fewer than two batches, a batch of one sample, missing values, or covariates that the
 * batches already explain.
 */
export function comBat({ features, batches, covariates = {} }: ComBatInput): ComBatResult {
  const levels = [...new Set(batches)].sort();
  const members = levels.map((level) => batches.flatMap((batch, i) => (batch === level ? [i] : [])));
  requireUsable(features, batches, members);
  const n = batches.length;
  const design = designMatrix(batches, levels, covariates);
  const nBatch = levels.length;
  const standard = features.map((row) => standardised(row, design, members));
  const gammaHat = members.map((indices) => standard.map(({ z }) => mean(indices.map((i) => z[i]))));
  const deltaHat = members.map((indices) => standard.map(({ z }) => variance(indices.map((i) => z[i])) || 1));
  const adjusted = features.map(() => new Float64Array(n));
  for (let batch = 0; batch < nBatch; batch++) {
    const indices = members[batch];
    const { gamma, delta } = posterior(
      standard.map(({ z }) => indices.map((i) => z[i])),
      gammaHat[batch],
      deltaHat[batch],
    );
    for (const [f, { z, scale, base }] of standard.entries())
      for (const i of indices) adjusted[f][i] = ((z[i] - gamma[f]) / Math.sqrt(delta[f])) * scale + base[i];
  }
  return { features: adjusted, batches: levels, samplesPerBatch: members.map(({ length }) => length) };
}

function requireUsable(
  features: readonly ArrayLike<number>[],
  batches: readonly string[],
  members: readonly (readonly number[])[],
): void {
  const refuse = (sentence: string): never => {
    throw new AppError('harmonisation-impossible', sentence);
  };
  if (features.length < 2)
    refuse('Harmonising borrows strength between features and needs two of them at least.');
  if (members.length < 2) refuse('All images come from one scanner, so there is nothing to harmonise.');
  if (members.some(({ length }) => length < 2))
    refuse('A scanner with a single image can not be harmonised. Leave it out or join it with another.');
  for (const row of features) {
    if (row.length !== batches.length) throw new RangeError('features and batches differ in length');
    for (let i = 0; i < row.length; i++)
      if (!Number.isFinite(row[i]))
        refuse('A value is missing. Leave out rows or columns with missing values.');
  }
}

function designMatrix(
  batches: readonly string[],
  levels: readonly string[],
  covariates: Readonly<Record<string, readonly (string | number)[]>>,
): number[][] {
  const categorical = Object.values(covariates).filter((values) => typeof values[0] === 'string');
  const continuous = Object.values(covariates).filter((values) => typeof values[0] === 'number');
  return batches.map((batch, i) => [
    ...levels.map((level) => (level === batch ? 1 : 0)),
    ...categorical.flatMap((values) =>
      [...new Set(values)]
        .sort()
        .slice(1)
        .map((level) => (values[i] === level ? 1 : 0)),
    ),
    ...continuous.map((values) => Number(values[i])),
  ]);
}

interface Standardised {
  readonly z: Float64Array;
  readonly scale: number;
  /** What is put back: the grand mean and the covariates' share, one number a sample. */
  readonly base: Float64Array;
}

function standardised(
  row: ArrayLike<number>,
  design: readonly number[][],
  members: readonly (readonly number[])[],
): Standardised {
  const beta = leastSquares(design, row);
  const n = design.length;
  const nBatch = members.length;
  const grand = members.reduce((sum, indices, b) => sum + (indices.length / n) * beta[b], 0);
  let squares = 0;
  const base = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let fitted = 0;
    let kept = 0;
    for (let j = 0; j < beta.length; j++) {
      fitted += design[i][j] * beta[j];
      if (j >= nBatch) kept += design[i][j] * beta[j];
    }
    squares += (row[i] - fitted) ** 2;
    base[i] = grand + kept;
  }
  // A feature without any spread is left as it is.
  const scale = Math.sqrt(squares / n || 1);
  return { z: Float64Array.from(base, (value, i) => (row[i] - value) / scale), scale, base };
}

function leastSquares(design: readonly number[][], y: ArrayLike<number>): Float64Array {
  const p = design[0].length;
  const gram = new Float64Array(p * p);
  const right = new Float64Array(p);
  for (const [i, x] of design.entries())
    for (let a = 0; a < p; a++) {
      right[a] += x[a] * y[i];
      for (let b = 0; b < p; b++) gram[a * p + b] += x[a] * x[b];
    }
  if (!solveCholesky(gram, right))
    throw new AppError(
      'harmonisation-impossible',
      'A covariate is the same within every scanner, so its effect can not be told from the scanner. Leave it out.',
    );
  return right;
}

/** Posterior mean and variance of a batch for all features at once, iterated until nothing changes by more than 1e-4. */
function posterior(
  z: readonly (readonly number[])[],
  gammaHat: readonly number[],
  deltaHat: readonly number[],
): { gamma: Float64Array; delta: Float64Array } {
  const gammaBar = mean(gammaHat);
  const t2 = variance(gammaHat);
  const m = mean(deltaHat);
  const s2 = variance(deltaHat);
  const a = (2 * s2 + m * m) / s2;
  const b = (m * s2 + m ** 3) / s2;
  let gamma = Float64Array.from(gammaHat);
  let delta = Float64Array.from(deltaHat);
  for (let change = 1, step = 0; change > 1e-4 && step < 10_000; step++) {
    const newGamma = new Float64Array(z.length);
    const newDelta = new Float64Array(z.length);
    change = -Infinity;
    for (const [f, values] of z.entries()) {
      const n = values.length;
      newGamma[f] = (t2 * n * gammaHat[f] + delta[f] * gammaBar) / (t2 * n + delta[f]);
      let squares = 0;
      for (const value of values) squares += (value - newGamma[f]) ** 2;
      newDelta[f] = (0.5 * squares + b) / (n / 2 + a - 1);
      change = Math.max(
        change,
        Math.abs(newGamma[f] - gamma[f]) / gamma[f],
        Math.abs(newDelta[f] - delta[f]) / delta[f],
      );
    }
    gamma = newGamma;
    delta = newDelta;
  }
  return { gamma, delta };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Divisor n - 1. */
function variance(values: readonly number[]): number {
  const average = mean(values);
  return values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1);
}
