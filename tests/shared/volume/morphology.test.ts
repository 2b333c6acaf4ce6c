import { describe, expect, it } from 'vitest';
import { close, dilate, erode, open } from '../../../src-shared/volume/morphology.ts';
import { countInside } from '../../../src-shared/volume/volume.ts';
import { at, maskOf, randomNumbers, straight } from './makers.ts';

const ball = (radiusMm: number, mm: [number, number, number]) =>
  maskOf(
    [41, 41, 41],
    (x, y, z) => Math.hypot((x - 20) * mm[0], (y - 20) * mm[1], (z - 20) * mm[2]) <= radiusMm + 1e-9,
    straight(...mm),
  );

const spacings: [number, number, number][] = [
  [1, 1, 1],
  [0.5, 1, 2],
  [0.9, 0.9, 1.2],
];

describe('growing and shrinking masks in mm', () => {
  it('grows a point to a ball of the radius, whatever the spacing', () => {
    for (const mm of spacings) {
      const point = maskOf([41, 41, 41], (x, y, z) => x === 20 && y === 20 && z === 20, straight(...mm));
      expect(dilate(point, { radiusMm: 6 }).bits).toEqual(ball(6, mm).bits);
    }
  });

  it('shrinks the complement of what growing would', () => {
    const start = ball(12, [1, 1, 1]);
    const flipped = { ...start, bits: start.bits.map((bit) => 1 - bit) };
    const grown = dilate(flipped, { radiusMm: 3 });
    expect(erode(start, { radiusMm: 3 }).bits).toEqual(grown.bits.map((bit) => 1 - bit));
  });

  it('does not eat a mask from the border of the field of view', () => {
    const full = maskOf([8, 8, 8], () => true);
    expect(erode(full, { radiusMm: 2 }).bits).toEqual(full.bits);
  });

  it('opens a thin bridge away and keeps the two bodies', () => {
    const mask = maskOf([40, 20, 20], (x, y, z) => {
      const body = (x < 14 || x >= 26) && y > 3 && y < 16 && z > 3 && z < 16;
      return body || (y === 10 && z === 10);
    });
    const opened = open(mask, { radiusMm: 2 });
    expect(opened.bits[20 + 40 * (10 + 20 * 10)]).toBe(0);
    expect(opened.bits[7 + 40 * (10 + 20 * 10)]).toBe(1);
  });

  it('closes a narrow slit and does not fill the gap to the border', () => {
    const slit = maskOf([30, 12, 12], (x) => x >= 4 && x < 26 && x !== 15);
    const closed = close(slit, { radiusMm: 3 });
    expect(closed.bits[15 + 30 * (6 + 12 * 6)]).toBe(1);
    const added = closed.bits.map((bit, n) => bit & (1 - slit.bits[n]));
    const inSlit = maskOf(slit.shape, (x) => x === 15).bits;
    expect(added.every((bit, n) => bit <= inSlit[n])).toBe(true);
    expect(countInside(added)).toBeGreaterThan(90);
  });
});

describe('shrinking a mask of any shape', () => {
  it('keeps exactly the voxels further than the radius from every voxel outside', () => {
    const random = randomNumbers(21);
    const mm: [number, number, number] = [1, 0.8, 1.7];
    const mask = maskOf(
      [14, 15, 12],
      (x, y, z) => x > 1 && y > 3 && z > 2 && random() < 0.97,
      straight(...mm),
    );
    const outside: [number, number, number][] = [];
    maskOf(mask.shape, (x, y, z) => {
      if (mask.bits[at(mask, x, y, z)] === 0) outside.push([x, y, z]);
      return false;
    });
    const truth = maskOf(mask.shape, (x, y, z) =>
      outside.every(([a, b, c]) => Math.hypot((x - a) * mm[0], (y - b) * mm[1], (z - c) * mm[2]) > 1.75),
    );
    expect(countInside(truth.bits)).toBeGreaterThan(20);
    expect(erode(mask, { radiusMm: 1.75 }).bits).toEqual(truth.bits);
  });
});
