import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comBat } from '../../../src-shared/stats/comBat.ts';

const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'harmonisation', 'combat.json'), 'utf8'),
) as {
  batches: string[];
  age: number[];
  sex: string[];
  features: number[][];
  plain: number[][];
  withCovariates: number[][];
};
const largestDifference = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number =>
  Math.max(...a.flatMap((row, f) => Array.from(row, (value, i) => Math.abs(value - b[f][i]))));

describe('ComBat', () => {
  const { features, batches, age, sex } = reference;
  it('equals neuroCombat 0.2.12 within 1e-6', () => {
    expect(largestDifference(comBat({ features, batches }).features, reference.plain)).toBeLessThan(1e-6);
  });

  it('equals it with covariates kept', () => {
    const harmonised = comBat({ features, batches, covariates: { sex, age } });
    expect(largestDifference(harmonised.features, reference.withCovariates)).toBeLessThan(1e-6);
  });

  it.each([
    ['one scanner', { features, batches: batches.map(() => 'a') }],
    ['a scanner with one image', { features, batches: batches.map((batch, i) => (i === 0 ? 'z' : batch)) }],
    ['a missing value', { features: [features[0], features[1].map(() => Number.NaN)], batches }],
    ['a covariate that is the scanner', { features, batches, covariates: { site: batches } }],
  ])('refuses %s with a sentence', (_, input) => {
    expect(() => comBat(input)).toThrow(
      expect.objectContaining({ code: 'harmonisation-impossible' }) as Error,
    );
  });
});
