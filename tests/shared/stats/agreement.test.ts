import { describe, expect, it } from 'vitest';
import { agreementTable, pabak, prevalence } from '../../../src-shared/stats/agreementTable.ts';
import { cohenKappa, kappaAsymptotic } from '../../../src-shared/stats/cohenKappa.ts';
import { gwetAc1 } from '../../../src-shared/stats/gwetAc1.ts';
import { krippendorffAlpha } from '../../../src-shared/stats/krippendorffAlpha.ts';
import { raterAgreement } from '../../../src-shared/stats/raterAgreement.ts';
import type { RatingMatrix } from '../../../src-shared/stats/ratingMatrix.ts';
import { readModelFixture } from '../../fixtures/models/readModelFixture.ts';

interface Case {
  categories: number;
  ratings: RatingMatrix;
  kappa: number;
  standardError: number;
  low: number;
  high: number;
  alpha: number;
}
const cases = readModelFixture<Case[]>('agreement');
const second = readModelFixture<{ ac1: number; pabak: number }[]>('ac1');
const pair = (c: { ratings: RatingMatrix; categories: number }) =>
  agreementTable(
    c.ratings.map((row) => row[0]),
    c.ratings.map((row) => row[1]),
    c.categories,
  );

describe('agreement between raters', () => {
  it('gives the kappa of scikit-learn and the asymptotic interval of statsmodels', () => {
    for (const c of cases) {
      const found = kappaAsymptotic(pair(c));
      expect(found?.kappa).toBeCloseTo(c.kappa, 12);
      expect(found?.standardError).toBeCloseTo(c.standardError, 12);
      expect(found?.low).toBeCloseTo(c.low, 10);
      expect(found?.high).toBeCloseTo(c.high, 10);
    }
  });
  it('gives the alpha of the krippendorff package, ratings missing or not', () => {
    for (const c of cases) expect(krippendorffAlpha(c.ratings, c.categories)).toBeCloseTo(c.alpha, 12);
  });
  it('gives the AC1 and, for two complete raters, the PABAK of irrCAC', () => {
    expect(second).toHaveLength(cases.length);
    for (const [i, c] of cases.entries()) {
      expect(gwetAc1(c.ratings, c.categories)).toBeCloseTo(second[i].ac1, 9);
      if (c.ratings.every((row) => row.length === 2 && !row.includes(null)))
        expect(pabak(pair(c))).toBeCloseTo(second[i].pabak, 9);
    }
  });
  it('reproduces the published example of Krippendorff 2011: alpha .743 for four observers with gaps', () => {
    const n = null;
    const rows: (number | null)[][] = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
      [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ];
    const items = rows[0].map((_, i) => rows.map((row) => (row[i] === null ? null : row[i] - 1)));
    expect(krippendorffAlpha(items, 5)).toBeCloseTo(0.743, 3);
  });
  it('sees kappa 0.4 in the textbook table 20, 5, 10, 15 and PABAK 2Po - 1 beside it', () => {
    const table = { categories: 2, counts: Float64Array.of(20, 5, 10, 15), n: 50 };
    expect(cohenKappa(table)).toBeCloseTo(0.4, 12);
    expect(pabak(table)).toBeCloseTo(0.4, 12);
    expect(prevalence(table)).toBeCloseTo(45 / 100, 12);
  });
  it('shows the kappa paradox: 95 % agreement, kappa near zero, AC1 high', () => {
    const table = { categories: 2, counts: Float64Array.of(118, 5, 2, 0), n: 125 };
    expect(cohenKappa(table)).toBeCloseTo(-0.0234, 3);
    const ratings: [number, number][] = [];
    for (let cell = 0; cell < 4; cell++)
      for (let k = 0; k < table.counts[cell]; k++) ratings.push([cell >> 1, cell & 1]);
    // Gwet's own arithmetic: pa = 118/125, pi = (5 + 2) / 250, pe = 2 pi (1 - pi).
    const pi = 7 / 250;
    const pe = 2 * pi * (1 - pi);
    expect(gwetAc1(ratings)).toBeCloseTo((118 / 125 - pe) / (1 - pe), 12);
  });
  it('has no kappa for one category only or for nobody, and says so with null', () => {
    expect(cohenKappa(agreementTable([0, 0], [0, 0]))).toBeNull();
    expect(cohenKappa(agreementTable([], []))).toBeNull();
    expect(krippendorffAlpha([[1, null]])).toBeNull();
  });
  it('draws persons, not items: five copies of each item per person do not narrow the interval', () => {
    const ratings: [number, number][] = Array.from({ length: 40 }, (_, i) => [
      i % 2,
      i % 5 === 0 ? 1 - (i % 2) : i % 2,
    ]);
    const persons = ratings.map((_, i) => `p${i}`);
    const once = raterAgreement(ratings, persons, { draws: 400, seed: 1 });
    const many = raterAgreement(
      ratings.flatMap((row) => [row, row, row, row, row]),
      persons.flatMap((p) => [p, p, p, p, p]),
      { draws: 400, seed: 1 },
    );
    expect(many.kappa).toBeCloseTo(once.kappa ?? 0, 12);
    expect(many.kappaBootstrap?.low).toBeCloseTo(once.kappaBootstrap?.low ?? 0, 9);
    expect(many.kappaBootstrap?.high).toBeCloseTo(once.kappaBootstrap?.high ?? 0, 9);
  });
});
