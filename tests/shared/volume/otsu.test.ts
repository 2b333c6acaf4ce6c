import { describe, expect, it } from 'vitest';
import { dice } from '../../../src-shared/volume/dice.ts';
import { otsuLevel } from '../../../src-shared/volume/otsu.ts';
import { randomNumbers } from './makers.ts';

describe('Otsu level', () => {
  it('parts two heaps of unequal size between them', () => {
    const random = randomNumbers(11);
    const values = Float32Array.from({ length: 20000 }, (_, n) =>
      n < 16000 ? 10 * random() : 60 + 40 * random(),
    );
    const level = otsuLevel(values) ?? NaN;
    expect(level).toBeGreaterThan(10);
    expect(level).toBeLessThan(60);
  });

  it('lies in the middle of an empty stretch', () => {
    const level = otsuLevel(Float32Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 0 : 100))) ?? NaN;
    expect(level).toBeCloseTo(50, 0);
  });

  it('has no answer for a constant image', () => {
    expect(otsuLevel(new Float32Array(8).fill(3))).toBeNull();
  });
});

describe('Dice', () => {
  it('is twice the common part over the sum', () => {
    expect(dice(Uint8Array.of(1, 1, 1, 0), Uint8Array.of(0, 1, 1, 1))).toBeCloseTo(4 / 6, 12);
  });

  it('has no answer for two empty masks', () => {
    expect(dice(new Uint8Array(4), new Uint8Array(4))).toBeNull();
  });
});
