import { describe, expect, it } from 'vitest';
import { distanceTo, signedDistance } from '../../../src-shared/volume/distance.ts';
import { at, maskOf, randomNumbers, straight } from './makers.ts';

describe('distance in mm', () => {
  it('equals the brute-force distance on scattered voxels of unequal spacing', () => {
    const random = randomNumbers(7);
    const mask = maskOf([13, 9, 11], () => random() < 0.02, straight(0.7, 1.3, 2.1));
    const found = distanceTo(mask);
    const set: number[][] = [];
    maskOf(mask.shape, (x, y, z) => {
      if (mask.bits[at(mask, x, y, z)] === 1) set.push([x, y, z]);
      return false;
    });
    expect(set.length).toBeGreaterThan(5);
    maskOf(mask.shape, (x, y, z) => {
      const truth = Math.min(
        ...set.map(([a, b, c]) => Math.hypot((x - a) * 0.7, (y - b) * 1.3, (z - c) * 2.1)),
      );
      expect(found[at(mask, x, y, z)]).toBeCloseTo(truth, 4);
      return false;
    });
  });

  it('stops counting at the saturation and is the same below it', () => {
    const random = randomNumbers(3);
    const mask = maskOf([20, 18, 16], (x, y) => x > 6 && y < 9 && random() < 0.03, straight(1, 2, 0.5));
    const full = distanceTo(mask);
    const saturated = distanceTo(mask, { saturateMm: 3.2 });
    expect(Math.max(...full)).toBeGreaterThan(5);
    for (let n = 0; n < full.length; n++) expect(saturated[n]).toBeCloseTo(Math.min(full[n], 3.2), 5);
  });

  it('is infinite where there is nothing to be near to, and the saturation if one is given', () => {
    const empty = maskOf([3, 3, 3], () => false);
    expect(distanceTo(empty).every((d) => d === Infinity)).toBe(true);
    expect(distanceTo(empty, { saturateMm: 4 }).every((d) => d === 4)).toBe(true);
  });

  it('puts the border of a signed distance half way between two voxel centres', () => {
    const mask = maskOf([10, 1, 1], (x) => x >= 4, straight(2));
    const d = signedDistance(mask);
    expect([...d.subarray(2, 6)]).toEqual([3, 1, -1, -3]);
  });
});
