import { describe, expect, it } from 'vitest';
import { smooth, smoothMask } from '../../../src-shared/volume/gaussian.ts';
import { at, maskOf, straight, volumeOf } from './makers.ts';

describe('Gaussian smoothing', () => {
  it('turns a point into a bell of the width asked for, in mm on every axis', () => {
    const mm = [1, 2, 0.5] as const;
    const point = volumeOf(
      [61, 31, 121],
      (x, y, z) => (x === 30 && y === 15 && z === 60 ? 1 : 0),
      straight(...mm),
    );
    const { values } = smooth(point, { sigmaMm: 3 });
    const moments = [0, 0, 0];
    let sum = 0;
    volumeOf(point.shape, (x, y, z) => {
      const value = values[at(point, x, y, z)];
      sum += value;
      [(x - 30) * mm[0], (y - 15) * mm[1], (z - 60) * mm[2]].forEach(
        (d, axis) => (moments[axis] += value * d * d),
      );
      return 0;
    });
    expect(sum).toBeCloseTo(1, 5);
    // The kernel ends at 3.5 sigma, which takes a little less than 1 % of the width.
    for (const moment of moments) expect(Math.sqrt(moment / sum)).toBeCloseTo(3, 1);
  });

  it('leaves a constant as it is up to the border', () => {
    const { values } = smooth(
      volumeOf([9, 7, 5], () => 42),
      { sigmaMm: 2.5 },
    );
    for (const value of values) expect(value).toBeCloseTo(42, 4);
  });

  it('gives one half on both sides of a flat border, on average', () => {
    const { values } = smoothMask(
      maskOf([40, 3, 3], (x) => x >= 20),
      { sigmaMm: 4 },
    );
    expect((values[19] + values[20]) / 2).toBeCloseTo(0.5, 6);
    // Normal distribution function at half a voxel of four.
    expect(values[20]).toBeCloseTo(0.5497, 3);
  });

  it('does nothing where sigma is far below a voxel', () => {
    const volume = volumeOf([5, 5, 5], (x, y, z) => x * y - z);
    expect([...smooth(volume, { sigmaMm: 0.1 }).values]).toEqual([...volume.values]);
  });
});
