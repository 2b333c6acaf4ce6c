import { describe, expect, it } from 'vitest';
import { seededRandom, shuffle } from '../../../src-shared/stats/random.ts';

const take = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw);

describe('seeded random numbers', () => {
  it('repeats for a seed and differs between seeds and streams', () => {
    const first = take(20, seededRandom(7).nextUint32);
    expect(take(20, seededRandom(7).nextUint32)).toEqual(first);
    expect(take(20, seededRandom(8).nextUint32)).not.toEqual(first);
    expect(take(20, seededRandom(7, 'noise').nextUint32)).not.toEqual(first);
    expect(take(20, seededRandom('7').nextUint32)).not.toEqual(first);
    expect(take(20, seededRandom(7 + 2 ** 32).nextUint32)).not.toEqual(first);
  });

  it('is uniform: mean, variance and every tenth as they should be', () => {
    const random = seededRandom(1);
    const n = 100_000;
    const bins = new Array<number>(10).fill(0);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const u = random.next();
      bins[Math.floor(u * 10)]++;
      sum += u;
      squares += u * u;
    }
    expect(sum / n).toBeCloseTo(0.5, 2);
    expect(squares / n - (sum / n) ** 2).toBeCloseTo(1 / 12, 2);
    for (const count of bins) expect(Math.abs(count - n / 10)).toBeLessThan(450);
  });

  it('has normal deviates with the share of a normal curve within one and two deviations', () => {
    const random = seededRandom(2);
    const values = take(100_000, random.normal);
    const share = (limit: number): number => values.filter((v) => Math.abs(v) < limit).length / values.length;
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0, 1);
    expect(share(1)).toBeCloseTo(0.6827, 2);
    expect(share(2)).toBeCloseTo(0.9545, 2);
  });

  it('shuffles without losing anything and leaves the input alone', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = shuffle(items, seededRandom(3));
    expect(items[10]).toBe(10);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });

  it('refuses a seed or a range that is not a whole number', () => {
    expect(() => seededRandom(1.5)).toThrow(RangeError);
    expect(() => seededRandom(1).integer(0)).toThrow(RangeError);
  });
});
