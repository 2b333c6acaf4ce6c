import { describe, expect, it } from 'vitest';
import { spearman } from '../../../src-shared/stats/ranks.ts';
import { averageLinkage } from '../../../src-shared/model/clustering.ts';
import { averagePrecision } from '../../../src-shared/model/curves.ts';
import { fitBoosting, boostingDefaults, predictBoosting } from '../../../src-shared/model/boosting.ts';
import { fitLogistic } from '../../../src-shared/model/logistic.ts';
import { columnOf, matrixFrom, takeRows } from '../../../src-shared/model/matrix.ts';
import { auroc, metricsOf } from '../../../src-shared/model/metrics.ts';
import { type ModelId, models, type ModelSettings } from '../../../src-shared/model/models.ts';
import { applyPreprocessing, fitPreprocessing } from '../../../src-shared/model/preprocess.ts';
import { treeShap } from '../../../src-shared/model/treeShap.ts';
import { readModelFixture } from '../../fixtures/models/readModelFixture.ts';

describe('models against their referees', () => {
  it('has the logistic coefficients of scikit-learn within 1e-6, with class and sample weights', () => {
    const fixture = readModelFixture<{
      x: number[][];
      y: number[];
      weights: number[];
      cases: {
        c: number;
        classWeight: 'none' | 'balanced';
        weighted: boolean;
        intercept: number;
        coefficients: number[];
      }[];
    }>('logistic');
    const input = { x: matrixFrom(fixture.x), y: Uint8Array.from(fixture.y) };
    let worst = 0;
    for (const { c, classWeight, weighted, intercept, coefficients } of fixture.cases) {
      const found = fitLogistic(
        weighted ? { ...input, weights: Float64Array.from(fixture.weights) } : input,
        { c, classWeight },
      );
      for (const [j, value] of coefficients.entries())
        worst = Math.max(worst, Math.abs(value - found.coefficients[j]));
      worst = Math.max(worst, Math.abs(intercept - found.intercept));
    }
    console.log(`logistic: largest coefficient difference ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(1e-6);
  });

  it('has the probabilities and SHAP values of exact xgboost within 1e-5', () => {
    const fixture = readModelFixture<{
      x: number[][];
      y: number[];
      weights: number[];
      trainRows: number;
      cases: {
        settings: Record<string, number> & { weighted: boolean };
        probabilities: number[];
        shap: number[][];
      }[];
    }>('boosting');
    const x = matrixFrom(fixture.x);
    const train = Array.from({ length: fixture.trainRows }, (_, i) => i);
    const test = takeRows(
      x,
      Array.from({ length: x.rows - train.length }, (_, i) => i + train.length),
    );
    let worst = 0;
    let worstShap = 0;
    for (const { settings, probabilities, shap } of fixture.cases) {
      const { weighted, ...rest } = settings;
      const input = { x: takeRows(x, train), y: Uint8Array.from(train, (i) => fixture.y[i]) };
      const fitted = fitBoosting(
        weighted ? { ...input, weights: Float64Array.from(fixture.weights) } : input,
        { ...boostingDefaults, ...rest, baseProbability: 0.4 },
        1,
      );
      const found = predictBoosting(fitted, test);
      for (const [i, p] of probabilities.entries()) worst = Math.max(worst, Math.abs(p - found[i]));
      for (const [i, row] of shap.entries()) {
        const { base, contributions } = treeShap(fitted.trees, takeRows(test, [i]).values);
        for (let j = 0; j < x.columns; j++)
          worstShap = Math.max(worstShap, Math.abs(row[j] - contributions[j]));
        worstShap = Math.max(worstShap, Math.abs(row[x.columns] - base - fitted.base));
      }
    }
    console.log(`boosting: probability ${worst.toExponential(1)}, SHAP ${worstShap.toExponential(1)}`);
    expect(worst).toBeLessThan(1e-5);
    expect(worstShap).toBeLessThan(1e-4);
  });

  const sets = readModelFixture<
    {
      name: string;
      x: number[][];
      y: number[];
      persons: number[];
      folds: number[][];
      auroc: Record<string, number>;
    }[]
  >('folds');
  const trials: { key: string; model: ModelId; settings: ModelSettings; seeds: number; tolerance: number }[] =
    [
      { key: 'forest', model: 'forest', settings: {}, seeds: 4, tolerance: 0.01 },
      {
        key: 'mlp',
        model: 'mlp',
        settings: { hidden: [16], learningRate: 0.005 },
        seeds: 6,
        tolerance: 0.01,
      },
      {
        key: 'mlpTwoLayers',
        model: 'mlp',
        settings: { hidden: [12, 6], learningRate: 0.005 },
        seeds: 6,
        tolerance: 0.01,
      },
      {
        key: 'boosting',
        model: 'boosting',
        settings: { rounds: 60, baseProbability: 0.5 },
        seeds: 1,
        tolerance: 0.005,
      },
      {
        key: 'boostingSampled',
        model: 'boosting',
        settings: { rounds: 60, baseProbability: 0.5, subsample: 0.7, columnsPerTree: 0.7 },
        seeds: 8,
        tolerance: 0.005,
      },
    ];
  for (const set of sets)
    for (const { key, model, settings, seeds, tolerance } of trials)
      it(`has the AUROC of the referee within ${tolerance}: ${key} on ${set.name}`, () => {
        const x = matrixFrom(set.x);
        let sum = 0;
        let count = 0;
        for (const folds of set.folds)
          for (let k = 0; k < 5; k++) {
            const rows = folds.map((_, i) => i);
            const train = rows.filter((i) => folds[i] !== k);
            const test = rows.filter((i) => folds[i] === k);
            const raw = takeRows(x, train);
            const ready = fitPreprocessing(raw);
            const input = { x: applyPreprocessing(ready, raw), y: Uint8Array.from(train, (i) => set.y[i]) };
            const testX = applyPreprocessing(ready, takeRows(x, test));
            const labels = test.map((i) => set.y[i]);
            for (let seed = 0; seed < seeds; seed++) {
              sum += auroc(labels, models[model].predict(models[model].fit(input, settings, seed), testX));
              count++;
            }
          }
        const difference = sum / count - set.auroc[key];
        console.log(
          `${key} on ${set.name}: ${(sum / count).toFixed(4)}, difference ${difference.toFixed(4)}`,
        );
        expect(Math.abs(difference)).toBeLessThan(tolerance);
      });

  it("clusters in scipy's order and heights, and correlates as scipy does", () => {
    const fixture = readModelFixture<{
      trees: { n: number; distances: number[]; merges: number[][] }[];
      x: number[][];
      spearman: number[][];
    }>('clustering');
    for (const { n, distances, merges } of fixture.trees) {
      const found = averageLinkage(Float64Array.from(distances), n);
      for (const [i, [a, b, height, size]] of merges.entries()) {
        expect(found[i]).toMatchObject({ a, b, size });
        expect(found[i].height).toBeCloseTo(height, 12);
      }
    }
    const x = matrixFrom(fixture.x);
    for (const [a, row] of fixture.spearman.entries())
      for (const [b, rho] of row.entries())
        expect(spearman(columnOf(x, a), columnOf(x, b))).toBeCloseTo(rho, 12);
  });

  it('has the AUROC, average precision and Brier score of scikit-learn, ties included', () => {
    const { cases } = readModelFixture<{
      cases: { labels: number[]; p: number[]; auroc: number; averagePrecision: number; brier: number }[];
    }>('metrics');
    for (const c of cases) {
      const predicted = c.p.map((p) => (p >= 0.5 ? 1 : 0));
      const found = metricsOf({ labels: c.labels, scores: c.p, probabilities: c.p, predicted });
      expect(found.auroc).toBeCloseTo(c.auroc, 12);
      expect(found.brier).toBeCloseTo(c.brier, 12);
      expect(averagePrecision(c.labels, c.p)).toBeCloseTo(c.averagePrecision, 12);
    }
  });
});
