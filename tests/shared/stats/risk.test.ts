import { describe, expect, it } from 'vitest';
import { betaInverse, binomialCdf } from '../../../src-shared/stats/betaDistribution.ts';
import { lowerBound, upperBound } from '../../../src-shared/stats/clopperPearson.ts';
import { itemsNeeded, riskThreshold, triageRates } from '../../../src-shared/stats/learnThenTest.ts';
import { quantile } from '../../../src-shared/stats/quantile.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';
import { readModelFixture } from '../../fixtures/models/readModelFixture.ts';

const { bounds } = readModelFixture<{
  bounds: { k: number; n: number; delta: number; upper: number; lower: number; cdf: number }[];
}>('metrics');

describe('risk bounds', () => {
  it('equals the beta and binomial distributions of scipy', () => {
    for (const b of bounds) {
      expect(upperBound(b.k, b.n, b.delta)).toBeCloseTo(b.upper, 11);
      expect(lowerBound(b.k, b.n, b.delta)).toBeCloseTo(b.lower, 11);
      expect(binomialCdf(b.k, b.n, 0.13)).toBeCloseTo(b.cdf, 11);
    }
    expect(betaInverse(0.5, 1, 1)).toBeCloseTo(0.5, 14);
  });
  it('needs 59, 93 and 124 independent insufficient items for 5 % at 95 % with 0, 1 and 2 misses', () => {
    expect([0, 1, 2].map((misses) => itemsNeeded(0.05, 0.05, misses))).toEqual([59, 93, 124]);
  });
  it('interpolates quantiles as NumPy does', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBeCloseTo(1.75, 14);
  });
});

describe('learn then test', () => {
  const insufficient = (n: number) => ({
    scores: Array.from({ length: n }, (_, i) => (i + 1) / (n + 1)),
    labels: Array.from({ length: n }, () => 1),
    persons: Array.from({ length: n }, (_, i) => `p${i}`),
    side: 'pass' as const,
    alpha: 0.05,
    delta: 0.05,
    seed: 1,
  });
  it('answers "not enough" with 58 and a threshold at the lowest insufficient score with 59', () => {
    expect(riskThreshold(insufficient(58))).toEqual({ kind: 'not-enough', n: 58, needed: 59 });
    expect(riskThreshold(insufficient(59))).toMatchObject({
      kind: 'threshold',
      threshold: 1 / 60,
      k: 0,
      n: 59,
    });
  });
  it('allows one miss from 93 on and two from 124 on', () => {
    expect([92, 93, 123, 124].map((n) => (riskThreshold(insufficient(n)) as { k: number }).k)).toEqual([
      0, 1, 1, 2,
    ]);
  });
  it('counts persons, not scans: 590 scans of 30 persons are not enough', () => {
    const question = insufficient(590);
    const persons = question.persons.map((_, i) => `p${i % 30}`);
    expect(riskThreshold({ ...question, persons })).toMatchObject({ kind: 'not-enough', n: 30 });
  });
  it('mirrors the fail side', () => {
    const question = insufficient(60);
    const found = riskThreshold({
      ...question,
      side: 'fail',
      scores: question.scores.map((s) => 1 - s),
      labels: question.labels.map(() => 0),
    });
    expect(found).toMatchObject({ kind: 'threshold', k: 0 });
    expect((found as { threshold: number }).threshold).toBeCloseTo(1 - 1 / 61, 12);
  });
  it('keeps its promise: the true risk exceeds alpha in at most delta of 400 simulated studies', () => {
    let broken = 0;
    let given = 0;
    for (let study = 0; study < 400; study++) {
      const random = seededRandom(study, 'ltt');
      const scores = Array.from({ length: 150 }, () => random.next());
      const found = riskThreshold({ ...insufficient(150), scores, draws: 1 });
      if (found.kind !== 'threshold') continue;
      given++;
      // Scores of insufficient items are uniform, so the true miss rate is the threshold itself.
      if (found.threshold > 0.05) broken++;
    }
    expect(given).toBe(400);
    // 20 expected at most; 33 is three standard deviations above.
    expect(broken).toBeLessThanOrEqual(33);
    expect(broken).toBeGreaterThan(0);
  });
  it('counts coverage, misses and escapes of two thresholds', () => {
    const rates = triageRates(
      { scores: [0.1, 0.15, 0.5, 0.9, 0.95], labels: [0, 1, 0, 1, 0] },
      { lower: 0.2, upper: 0.8 },
    );
    expect(rates.coverage).toMatchObject({ k: 4, n: 5 });
    expect(rates.missRate).toMatchObject({ k: 1, n: 2 });
    expect(rates.escapeRate).toMatchObject({ k: 1, n: 2 });
    expect(rates.falseAlarmRate).toMatchObject({ k: 1, n: 3 });
    expect(rates.review).toBe(1);
  });
});
