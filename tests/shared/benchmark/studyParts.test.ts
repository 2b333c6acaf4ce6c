import { describe, expect, it } from 'vitest';
import { benchmarkOfSize, planBenchmark } from '../../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkTable } from '../../../src-shared/benchmark/benchmarkTable.ts';
import {
  labelledSingles,
  scoreLabelled,
  type LabelledItem,
} from '../../../src-shared/benchmark/labelledScores.ts';
import type { MeasuredItem } from '../../../src-shared/benchmark/measuredItem.ts';
import { doseBand, recallByGroup } from '../../../src-shared/benchmark/recallByGroup.ts';
import type { RegionShares } from '../../../src-shared/benchmark/regionTruth.ts';
import { bestBalancedAccuracy, singleFeatures } from '../../../src-shared/benchmark/singleFeatures.ts';
import { planTransfer } from '../../../src-shared/benchmark/transferPlan.ts';
import { withinGroupAuroc } from '../../../src-shared/benchmark/withinGroupAuroc.ts';
import { defaultEvaluation } from '../../../src-shared/model/evaluationSettings.ts';
import { withoutMethod } from '../../../src-shared/model/learningTable.ts';
import { trainModel } from '../../../src-shared/model/trainedModel.ts';
import type { Verdict } from '../../../src-shared/rating/verdict.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

const plan = planBenchmark(benchmarkOfSize(5, 80));
const random = seededRandom(1, 'features');

/** A face of which one share is left everywhere, and features of which one follows it. */
const items: MeasuredItem[] = plan.defacings.map(({ index }) => {
  const left = random.next();
  const verdict: Verdict = left > 0.6 ? 3 : left > 0.5 ? 2 : 1;
  const share = verdict === 3 ? 0.5 : verdict === 2 ? 0.05 : 0;
  const shares = new Proxy({}, { get: (_, name) => (name === 'mouth' ? share : 0) }) as RegionShares;
  return {
    index,
    features: { rmse: 1 - left, ssim: random.next(), psnr: index === 3 ? null : 1 - left / 2, bhr: 0.4 },
    truth: {
      shares,
      cheeksAndJaw: 0.1,
      face: 0.1,
      otherPerson: false,
      brainLoss: { ml: 0, frontalMl: 0, temporalMl: 0, elsewhereMl: 0 },
      verdict,
    },
  };
});
const measured = ['rmse', 'ssim', 'psnr', 'bhr'].map((id) => ({ id, version: 1 }));
const set = { id: 'everything', title: '', features: null };
const table = benchmarkTable(plan, items, { criterion: 'lenient', set, measured });

describe('the table of a benchmark', () => {
  it('has labels by rule, persons as groups, flags of mechanisms, and no feature that never changes', () => {
    expect(table.features.map(({ id }) => id)).toEqual([
      'rmse', 'ssim', 'psnr', 'method_shearing-plane', 'method_template-mask', 'method_face-and-ears', 'method_eye-sparing',
    ]); // prettier-ignore
    expect([...table.labels]).toEqual(items.map(({ truth }) => (truth.verdict === 3 ? 1 : 0)));
    expect(table.persons[0]).toBe(plan.scans[0].person);
    expect([...table.x.values.slice(3, 7)]).toEqual([1, 0, 0, 0]);
    expect(table.x.values[3 * 7 + 2]).toBeNaN();
    expect(withoutMethod(table).features).toHaveLength(3);
  });

  it('counts a strict label where lenient passes, and follows other cut points', () => {
    const strict = benchmarkTable(plan, items, { criterion: 'strict', set, measured });
    expect([...strict.labels]).toEqual(items.map(({ truth }) => (truth.verdict === 1 ? 0 : 1)));
    const cut = { gone: 0.01, present: 0.6, cheeksAndJaw: 0.5, face: 0.5 };
    expect([
      ...benchmarkTable(plan, items, { criterion: 'lenient', set, measured, cut }).labels,
    ]).not.toContain(1);
  });

  it('calls an output of another person insufficient whatever is left', () => {
    const strange = items.map((item) => ({ ...item, truth: { ...item.truth, otherPerson: true } }));
    expect([...benchmarkTable(plan, strange, { criterion: 'lenient', set, measured }).labels]).not.toContain(
      0,
    );
  });
});

describe('single features', () => {
  const [best, second] = singleFeatures(table, { draws: 50 });

  it('find the one that follows the label, with its direction', () => {
    expect(['rmse', 'psnr']).toContain(best.feature);
    expect(best.insufficientIf).toBe('low');
    expect(best.auroc).toBeGreaterThan(0.99);
    expect(second.auroc).toBeLessThanOrEqual(best.auroc);
    expect(best.interval?.low).toBeLessThanOrEqual(best.auroc);
  });

  it('know the best threshold: all right, half right, and ties kept together', () => {
    expect(bestBalancedAccuracy([0, 0, 1, 1], [1, 2, 3, 4])).toBe(1);
    expect(bestBalancedAccuracy([0, 1, 0, 1], [1, 1, 1, 1])).toBe(0.5);
    expect(bestBalancedAccuracy([0, 1, 0, 1], [1, 2, 3, 4])).toBe(0.75);
    expect(bestBalancedAccuracy([1, 1], [1, 2])).toBeNaN();
  });
});

describe('decisions by group', () => {
  it('are counted by what was done', () => {
    const decided = [
      { group: 'a', label: 1, predicted: 1 },
      { group: 'a', label: 1, predicted: 0 },
      { group: 'a', label: 0, predicted: 0 },
      { group: 'b', label: 0, predicted: 1 },
    ];
    expect(recallByGroup(decided)).toEqual([
      { group: 'a', insufficient: 2, sensitivity: 0.5, adequate: 1, specificity: 1 },
      { group: 'b', insufficient: 0, sensitivity: null, adequate: 1, specificity: 0 },
    ]);
  });

  it('are graded by dose', () => {
    expect([3, 8, 20].map((dose) => doseBand('shift', dose, 'mm'))).toEqual([
      'below 8 mm',
      '8 to 15 mm',
      'from 15 mm',
    ]);
    expect(doseBand('none', 0, '')).toBe('');
  });

  it('within heads ignore what differs between heads', () => {
    const labels = [1, 0, 1, 0];
    const scores = [0.2, 0.1, 0.9, 0.8];
    expect(withinGroupAuroc(labels, scores, ['a', 'a', 'b', 'b'])).toEqual({ auroc: 1, pairs: 2 });
    expect(withinGroupAuroc(labels, scores, ['a', 'b', 'c', 'd'])).toEqual({ auroc: null, pairs: 0 });
  });
});

describe('from one contrast to the other', () => {
  const settings = { ...defaultEvaluation, models: ['logistic' as const], outerFolds: 3 };
  const contrastOf = (row: number): string => plan.scans[plan.defacings[row].scan].contrast;

  it('learns on one, tests on the other, and never on a person learned from', () => {
    const crossed = planTransfer(table, settings, {
      name: 'T1w to FLAIR',
      learn: (row) => contrastOf(row) === 'T1w',
      test: (row) => contrastOf(row) === 'FLAIR',
    });
    expect(crossed.tasks.length).toBeGreaterThan(0);
    for (const { trainRows, testRows } of crossed.tasks) {
      expect(trainRows.every((row) => contrastOf(row) === 'T1w')).toBe(true);
      expect(testRows.every((row) => contrastOf(row) === 'FLAIR')).toBe(true);
      const learned = new Set(trainRows.map((row) => table.persons[row]));
      expect(testRows.some((row) => learned.has(table.persons[row]))).toBe(false);
    }
    const tested = crossed.tasks.flatMap(({ testRows }) => testRows);
    expect(tested).toHaveLength(table.labels.filter((_, row) => contrastOf(row) === 'FLAIR').length);
  });

  it('says so where too few people are left to learn from', () => {
    const first = table.persons[0];
    const none = planTransfer(table, settings, {
      name: 'one person',
      learn: (row) => table.persons[row] === first,
      test: () => true,
    });
    expect(none.tasks).toEqual([]);
    expect(none.notes[0]).toMatch(/too few persons/);
  });
});

describe('a labelled set', () => {
  const model = trainModel(
    withoutMethod(table),
    'logistic',
    { ...defaultEvaluation, outerFolds: 3 },
    {
      criterion: 'lenient',
      softwareVersion: '0',
    },
  );
  const labelled: LabelledItem[] = [
    [1, null, 0.95],
    [2, null, 0.8],
    [3, null, 0.1],
    [3, 2, 0.9],
  ].map(([verdict, borderline, rmse], n) => ({
    head: `head-${String(n % 2)}`,
    mask: `m${String(n)}`,
    verdict: verdict as Verdict,
    borderline: borderline as Verdict | null,
    features: { rmse, ssim: 0.5, psnr: rmse, bhr: 0.4 },
  }));

  it('is scored as it stands, with and without the rows that were near to another verdict', () => {
    const scored = scoreLabelled(labelled, measured, { name: 'one', model, criterion: 'lenient' });
    expect(scored.readsMethod).toBe(false);
    const [without, whole] = scored.results;
    expect([without.items, without.insufficient, whole.items, whole.insufficient]).toEqual([3, 1, 4, 2]);
    expect(without.metrics.auroc).toBe(1);
    expect(whole.metrics.auroc).toBe(0.75);
    expect(scored.scores[2].probability).toBeGreaterThan(scored.scores[0].probability);
  });

  it('refuses features of another version than the model learned from', () => {
    const newer = measured.map(({ id }) => ({ id, version: 2 }));
    expect(() => scoreLabelled(labelled, newer, { name: 'one', model, criterion: 'lenient' })).toThrow(
      /needs version 1/,
    );
  });

  it('says what single features reach on the same rows', () => {
    const { singles, items: n } = labelledSingles(labelled, measured, 'lenient', 'without');
    expect(n).toBe(3);
    expect(singles.find(({ feature }) => feature === 'rmse')?.auroc).toBe(1);
  });
});
