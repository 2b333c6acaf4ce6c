import { describe, expect, it } from 'vitest';
import { rescaled } from '../../../src-shared/intensity/brainStatistics.ts';
import { whiteStripe } from '../../../src-shared/intensity/whiteStripe.ts';
import { zScore } from '../../../src-shared/intensity/zScore.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import { oneMillimetreGrid } from '../../../src-shared/volume/oneMillimetre.ts';

const n = 40;
const shape = [n, n, n] as const;
const affine = affineOf([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
const random = seededRandom(3);
/** Grey matter at 400 (55 %), white matter at 600 (45 %), both with a spread of 25. */
const values = Float32Array.from(
  { length: n ** 3 },
  (_, i) => (i % 20 < 11 ? 400 : 600) + 25 * random.normal(),
);
const brain = { shape, affine, bits: new Uint8Array(n ** 3).fill(1) };
const volume = { shape, affine, values };

describe('normalised intensities', () => {
  it('by z-score have mean 0 and standard deviation 1 in the brain', () => {
    const out = [...rescaled(volume, zScore(volume, brain), null).values];
    const mean = out.reduce((sum, value) => sum + value, 0) / out.length;
    const sd = Math.sqrt(out.reduce((sum, value) => sum + (value - mean) ** 2, 0) / out.length);
    expect(mean).toBeCloseTo(0, 4);
    expect(sd).toBeCloseTo(1, 4);
  });

  it('by white stripe find the white matter of a T1 and do not move with gain and offset', () => {
    const first = whiteStripe(volume, brain, 'T1w');
    expect(Math.abs(first.centre - 600)).toBeLessThan(8);
    const brighter = { ...volume, values: values.map((value) => 3 * value + 50) };
    const second = whiteStripe(brighter, brain, 'T1w');
    const [a, b] = [rescaled(volume, first, null), rescaled(brighter, second, null)];
    expect(Math.max(...a.values.map((value, i) => Math.abs(value - b.values[i])))).toBeLessThan(0.01);
  });

  it('leave what was removed at 0, and refuse a brain that is not there', () => {
    const removed = { ...brain, bits: brain.bits.map((_, i) => (i < 10 ? 1 : 0)) };
    expect([...rescaled(volume, zScore(volume, brain), removed).values.slice(0, 10)]).toEqual(
      Array(10).fill(0),
    );
    expect(() => zScore(volume, { ...brain, bits: new Uint8Array(n ** 3) })).toThrow(/brain mask/);
  });
});

describe('the grid of 1 mm', () => {
  it('holds an oblique grid whole, with straight axes', () => {
    const c = Math.cos(0.1);
    const s = Math.sin(0.1);
    const oblique = { shape: [100, 60, 40] as const, affine: affineOf([-2 * c, 2 * s, 0, 90, 2 * s, 2 * c, 0, -50, 0, 0, 3, -70]) }; // prettier-ignore
    const grid = oneMillimetreGrid(oblique);
    expect([...grid.affine].filter((_, i) => i % 4 !== 3)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    for (let corner = 0; corner < 8; corner++) {
      const at = oblique.shape.map((size, axis) => ((corner >> axis) & 1 ? size - 0.5 : -0.5));
      for (let row = 0; row < 3; row++) {
        const m = oblique.affine;
        const mm = m[row * 4] * at[0] + m[row * 4 + 1] * at[1] + m[row * 4 + 2] * at[2] + m[row * 4 + 3];
        const voxel = mm - grid.affine[row * 4 + 3];
        expect(voxel).toBeGreaterThan(-1.01);
        expect(voxel).toBeLessThan(grid.shape[row] + 0.01);
      }
    }
  });
});
