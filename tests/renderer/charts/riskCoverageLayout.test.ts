import { describe, expect, it } from 'vitest';
import { pointAt, riskCoverageLayout, riskSize } from '../../../src-renderer/charts/riskCoverageLayout.ts';
import { scoreBinsLayout } from '../../../src-renderer/charts/scoreBinsLayout.ts';

const point = (threshold: number, coverage: number, missed: number) => ({
  ...{ threshold, coverage, missed, passed: coverage, coverageLow: 0, persons: 100, missBound: missed / 100 },
});
const points = [point(0.1, 0.2, 0), point(0.4, 0.5, 5), point(0.8, 0.9, 40)];

describe('the risk-coverage chart', () => {
  it('gives back the risk that a height stands for, within what can be asked for', () => {
    const drawn = riskCoverageLayout(points);
    for (const risk of [0.005, 0.05, 0.3]) expect(drawn.riskAt(drawn.yOf(risk))).toBeCloseTo(risk, 9);
    expect(drawn.riskAt(riskSize.floor + 50)).toBe(0.005);
    expect(drawn.riskAt(-100)).toBe(0.3);
  });

  it('finds the point a threshold stands at', () => {
    expect(pointAt(points, 0.45)).toBe(points[1]);
    expect(pointAt(points, 0.01)).toBe(points[0]);
    expect(pointAt(points, null)).toBeNull();
  });
});

describe('the chart of probabilities', () => {
  const bins = { adequate: [4, 0, 0, 0], insufficient: [1, 0, 0, 7] };
  it('cuts into pass, review and fail where both thresholds stand', () => {
    const { zones, lines } = scoreBinsLayout(bins, { lower: 0.25, upper: 0.75 });
    expect(zones.map(({ id }) => id)).toEqual(['pass', 'review', 'fail']);
    expect(lines).toHaveLength(2);
  });
  it('has only review without thresholds', () => {
    const { zones, lines } = scoreBinsLayout(bins, { lower: null, upper: null });
    expect(zones.map(({ id }) => id)).toEqual(['review']);
    expect(lines).toEqual([]);
  });
});
