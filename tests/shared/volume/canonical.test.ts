import { describe, expect, it } from 'vitest';
import { toWorld } from '../../../src-shared/volume/affine.ts';
import {
  axisOrder,
  canonicalGrid,
  canonicalMask,
  canonicalVolume,
  maskFromCanonical,
  obliquityDegrees,
  volumeFromCanonical,
} from '../../../src-shared/volume/canonical.ts';
import { voxelPoint } from '../../../src-shared/volume/points.ts';
import { affine, at, maskOf, randomNumbers, volumeOf } from './makers.ts';

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

const places: [number, number, number][] = [
  [0, 0, 0],
  [3, 1, 2],
  [1, 3, 3],
];

/** Every one of the 48 straight orientations, tilted by a few degrees. */
function* orientations() {
  const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
  const tilt = [
    [c, -s, 0],
    [s, c, 0],
    [0, 0, 1],
  ];
  for (const axes of permutations) {
    for (let signs = 0; signs < 8; signs++) {
      const m = [0, 0, 0, -30, 0, 0, 0, 12, 0, 0, 0, 44];
      axes.forEach((row, column) => {
        const step = (column + 1) * (signs & (1 << column) ? -1 : 1);
        for (let r = 0; r < 3; r++) m[r * 4 + column] = tilt[r][row] * step;
      });
      yield affine(...m);
    }
  }
}

describe('canonical view', () => {
  it('points right, anterior and superior for all 48 orientations, and every voxel stays where it is in the world', () => {
    let seen = 0;
    for (const on of orientations()) {
      const grid = { shape: [4, 5, 6] as const, affine: on };
      const canonical = canonicalGrid(grid);
      expect(axisOrder(canonical.affine)).toEqual({ axes: [0, 1, 2], flips: [false, false, false] });
      const volume = volumeOf(grid.shape, (x, y, z) => x + 10 * y + 100 * z, on);
      const turned = canonicalVolume(volume);
      for (const p of places) {
        const value = turned.values[at(turned, ...p)];
        const stored = voxelPoint(value % 10, Math.floor(value / 10) % 10, Math.floor(value / 100));
        const here = toWorld(turned.affine, voxelPoint(...p));
        toWorld(on, stored).forEach((mm, axis) => expect(here[axis]).toBeCloseTo(mm, 9));
      }
      seen++;
    }
    expect(seen).toBe(48);
  });

  it('gives back exactly what went in', () => {
    const random = randomNumbers(5);
    for (const on of orientations()) {
      const mask = maskOf([4, 5, 6], () => random() < 0.5, on);
      expect(maskFromCanonical(canonicalMask(mask), mask)).toEqual(mask);
      const volume = volumeOf([4, 5, 6], () => random(), on);
      expect(volumeFromCanonical(canonicalVolume(volume), volume)).toEqual(volume);
    }
  });

  it('does not copy what is canonical already', () => {
    const mask = maskOf([2, 2, 2], () => true);
    expect(canonicalMask(mask).bits).toBe(mask.bits);
  });

  it('measures how oblique a grid is', () => {
    for (const on of orientations()) expect(obliquityDegrees(on)).toBeCloseTo((0.2 * 180) / Math.PI, 6);
    expect(obliquityDegrees(affine(0, 0, 2, 0, -1, 0, 0, 0, 0, 1, 0, 0))).toBe(0);
  });
});
