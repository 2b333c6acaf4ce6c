import { describe, expect, it } from 'vitest';
import { riskCoverage, scoreBins } from '../../../src-shared/triage/riskCoverage.ts';
import type { TestedItem } from '../../../src-shared/triage/riskStatement.ts';

const item = (person: string, label: 0 | 1, probability: number): TestedItem => ({
  ...{ person, label, probability },
  ...{ tool: 't', contrast: 'T1w', site: null, values: [] },
});
/** Adequate at 0.1 and 0.3, insufficient at 0.2 and 0.9; each of another person. */
const items = [item('a', 0, 0.1), item('b', 1, 0.2), item('c', 0, 0.3), item('d', 1, 0.9)];

describe('the risk-coverage curve', () => {
  it('counts what each place of the threshold passes and misses, with exact bounds', () => {
    const curve = riskCoverage(items, { delta: 0.05, seed: 1, upper: null });
    expect(curve.map(({ threshold }) => threshold)).toEqual([0.1, 0.2, 0.3, 0.9, 1]);
    expect(curve.map(({ passed }) => passed)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(curve.map(({ missed }) => missed)).toEqual([0, 0, 1, 1, 2]);
    // With no miss of two the bound is 1 - 0.05^(1/2), with one of two it is (0.95)^(1/2) by symmetry.
    expect(curve[0].missBound).toBeCloseTo(1 - Math.sqrt(0.05), 9);
    expect(curve[2].missBound).toBeCloseTo(Math.sqrt(0.95), 9);
    expect(curve[0].persons).toBe(2);
  });

  it('counts what is failed as decided, and never twice', () => {
    const curve = riskCoverage(items, { delta: 0.05, seed: 1, upper: 0.25 });
    expect(curve.map(({ coverage }) => coverage)).toEqual([0.5, 0.75, 0.75, 0.75, 1]);
    for (const { coverage, coverageLow } of curve) expect(coverageLow).toBeLessThanOrEqual(coverage);
  });

  it('takes one insufficient item of each person', () => {
    const twice = [...items, item('b', 1, 0.15)];
    const [first] = riskCoverage(twice, { delta: 0.05, seed: 1, upper: null });
    expect(first.persons).toBe(2);
  });

  it('has nothing to show without tests', () => {
    expect(riskCoverage([], { delta: 0.05, seed: 1, upper: null })).toEqual([]);
  });
});

it('bins hold every tested defacing once, the last one its upper end too', () => {
  const { adequate, insufficient } = scoreBins([...items, item('e', 1, 1)]);
  expect([adequate[2], adequate[6]]).toEqual([1, 1]);
  expect([insufficient[4], insufficient[18], insufficient[19]]).toEqual([1, 1, 1]);
});
