import { expect, it } from 'vitest';
import { roundOrder, type PlacedItem } from '../../../src-shared/rating/roundOrder.ts';

const round = (scans: number, tools: number) =>
  Array.from({ length: scans * tools }, (_, n) => ({ defacingId: n + 1, scanId: Math.floor(n / tools) }));
const neighbours = (order: readonly PlacedItem[]): number =>
  order.filter((item, at) => at > 0 && item.scanId === order[at - 1].scanId).length;

it.each([1, 2, 3, 4, 5])(
  'shows everything once, tools of one scan apart, with hidden repeats later (seed %i)',
  (seed) => {
    const items = round(50, 4);
    const order = roundOrder(items, { seed, repeatShare: 0.1 });
    const firsts = order.filter(({ repeat }) => !repeat);
    expect(firsts.map(({ defacingId }) => defacingId).toSorted((a, b) => a - b)).toEqual(
      items.map(({ defacingId }) => defacingId),
    );
    expect(neighbours(order)).toBe(0);
    const repeats = order.filter(({ repeat }) => repeat);
    expect(repeats).toHaveLength(20);
    for (const { defacingId } of repeats) {
      const [early, late] = order.flatMap((item, at) => (item.defacingId === defacingId ? [at] : []));
      expect(late - early).toBeGreaterThan(50);
    }
  },
);

it('keeps tools apart in rounds of few scans, as far as that can be', () => {
  for (let seed = 0; seed < 50; seed++) {
    expect(neighbours(roundOrder(round(3, 4), { seed, repeatShare: 0 }))).toBe(0);
    expect(neighbours(roundOrder(round(2, 4), { seed, repeatShare: 0 }))).toBe(0);
  }
  expect(roundOrder(round(1, 4), { seed: 1, repeatShare: 0 })).toHaveLength(4);
  expect(roundOrder([], { seed: 1, repeatShare: 0.1 })).toEqual([]);
});

it('is the same for the same seed and another for another', () => {
  const order = (seed: number): number[] =>
    roundOrder(round(20, 4), { seed, repeatShare: 0.1 }).map(({ defacingId }) => defacingId);
  expect(order(7)).toEqual(order(7));
  expect(order(7)).not.toEqual(order(8));
});
