import { describe, expect, it } from 'vitest';
import { agesLayout } from '../../../src-renderer/charts/agesLayout.ts';
import { driftLayout } from '../../../src-renderer/charts/driftLayout.ts';
import { successLayout } from '../../../src-renderer/charts/successLayout.ts';
import type { RaterPace, ToolSuccess } from '../../../src-shared/api/agreementCalls.ts';

const success = (tool: string, criterion: 'strict' | 'lenient', passed: number): ToolSuccess => ({
  tool,
  criterion,
  n: 10,
  passed,
  share: passed / 10,
  exact: { low: 0, high: 1 },
  byPerson: null,
  excluded: 0,
  open: 0,
});

describe('success per tool', () => {
  const drawn = successLayout([
    success('a', 'lenient', 10),
    success('a', 'strict', 5),
    success('b', 'lenient', 0),
    { ...success('b', 'strict', 0), n: 0, share: null, exact: null },
  ]);

  it('draws heights in proportion and nothing where nothing is known', () => {
    expect(drawn.bars).toHaveLength(3);
    const [full, half, none] = drawn.bars;
    expect(half.height).toBeCloseTo(full.height / 2, 9);
    expect(none.height).toBeCloseTo(0, 9);
    expect(full.height).toBeCloseTo(drawn.floor - 16, 9);
  });

  it('draws the interval around the middle of its bar, low end below the high one', () => {
    const [{ whisker, x, width }] = drawn.bars;
    expect(whisker?.x).toBeCloseTo(x + width / 2, 9);
    expect(whisker?.low).toBeCloseTo(drawn.floor, 9);
    expect(whisker?.high).toBeCloseTo(16, 9);
  });

  it('keeps bars apart and inside the picture', () => {
    for (const [a, b] of [
      [0, 1],
      [1, 2],
    ]) {
      expect(drawn.bars[a].x + drawn.bars[a].width).toBeLessThan(drawn.bars[b].x);
    }
    expect(drawn.bars[2].x + drawn.bars[2].width).toBeLessThan(drawn.width);
  });
});

describe('age by sex', () => {
  it('draws a bar for each group and sex, and only whole persons as ticks', () => {
    const drawn = agesLayout({
      bounds: [20, 30, 40],
      groups: [
        { sex: 'F', counts: [1, 2] },
        { sex: 'M', counts: [0, 1] },
      ],
      persons: 4,
      unknown: 0,
      medianAge: 31,
    });
    expect(drawn.bars).toHaveLength(4);
    expect(drawn.bars[1].height).toBeCloseTo(2 * drawn.bars[0].height, 9);
    expect(drawn.bars[2].height).toBe(0);
    expect(drawn.ticks.map(({ count }) => count)).toEqual([0, 1, 2]);
    expect(drawn.labels.map(({ text }) => text)).toEqual(['20–29', '30–39']);
  });
});

describe('drift', () => {
  const rater: RaterPace = {
    accountId: 'r',
    verdicts: 20,
    medianSeconds: 5,
    quartilesSeconds: [4, 6],
    blocks: [
      { from: 1, to: 10, medianSeconds: 8, insufficientStrict: 0.5, insufficientLenient: null },
      { from: 11, to: 20, medianSeconds: 4, insufficientStrict: 1, insufficientLenient: 0.2 },
    ],
    drift: { seconds: null, strict: null, lenient: null },
  };

  it('puts a block at the middle of its verdicts, and shares between 0 and 1', () => {
    const { lines, left, right, floor } = driftLayout([rater], 'insufficientStrict');
    const [{ points }] = lines;
    expect(points[0].x).toBeCloseTo(left + ((right - left) * 5.5) / 20, 9);
    expect(points[1].y).toBeCloseTo(14, 9);
    expect(points[0].y).toBeCloseTo((floor + 14) / 2, 9);
  });

  it('leaves out blocks of which nothing is known', () => {
    expect(driftLayout([rater], 'insufficientLenient').lines[0].points).toHaveLength(1);
  });
});
