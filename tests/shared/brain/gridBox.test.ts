import { expect, it } from 'vitest';
import { boxAround, boxGrid, cropped } from '../../../src-shared/brain/gridBox.ts';
import { affineOf, applyMatrix, type Affine } from '../../../src-shared/volume/affine.ts';
import type { Shape } from '../../../src-shared/volume/volume.ts';

const shape: Shape = [20, 24, 28];
/** 2 mm, first axis to the left. */
const affine: Affine = affineOf([-2, 0, 0, 19, 0, 2, 0, -23, 0, 0, 2, -27]);
const values = Float32Array.from({ length: 20 * 24 * 28 }, (_, n) => n);
const one = (at: Shape): Float32Array => {
  const only = new Float32Array(values.length);
  only[at[0] + 20 * (at[1] + 24 * at[2])] = 0.1;
  return only;
};

it('keeps values and places of what it cuts out', () => {
  const part = cropped({ shape, affine, values }, { from: [3, 4, 5], to: [7, 9, 11] });
  expect(part.shape).toEqual([4, 5, 6]);
  expect(part.values[0]).toBe(3 + 20 * (4 + 24 * 5));
  expect(part.values.at(-1)).toBe(6 + 20 * (8 + 24 * 10));
  expect(applyMatrix(part.affine, 0, 0, 0)).toEqual(applyMatrix(affine, 3, 4, 5));
  expect(boxGrid({ shape, affine }, { from: [3, 4, 5], to: [7, 9, 11] })).toEqual({
    shape: part.shape,
    affine: part.affine,
  });
});

it('holds every value above 0, the voxel around it and the margin, and ends with the grid', () => {
  const around = (at: Shape, marginMm: number) =>
    boxAround({ shape, values: one(at), toWorld: affine }, { grid: { shape, affine }, marginMm });
  expect(around([10, 10, 10], 0)).toEqual({ from: [9, 9, 9], to: [12, 12, 12] });
  expect(around([10, 10, 10], 4)).toEqual({ from: [7, 7, 7], to: [14, 14, 14] });
  expect(around([0, 23, 27], 4)).toEqual({ from: [0, 20, 24], to: [4, 24, 28] });
});

it('is nothing where there is no value, or none within the grid', () => {
  const grid = { shape, affine };
  const toWorld = affine;
  expect(boxAround({ shape, values: new Float32Array(values.length), toWorld }, { grid, marginMm: 5 })).toBe(
    null,
  );
  const away = affineOf([-2, 0, 0, 500, 0, 2, 0, -23, 0, 0, 2, -27]);
  expect(boxAround({ shape, values: one([10, 10, 10]), toWorld: away }, { grid, marginMm: 5 })).toBe(null);
});
