import { expect, it } from 'vitest';
import { pixelOf, planes, slicePixels, voxelAt, windowPresets } from '../../src-renderer/scene/slice.ts';

const shape = [5, 7, 9] as const;
const look = {
  window: { level: 127.5, width: 255 },
  showOriginal: false,
  tintRemoved: false,
  tintBrain: false,
};

/** A dark image with one bright voxel, on the subject's right, in front, at the top. */
function bright(voxel: readonly [number, number, number]) {
  const values = new Uint8Array(5 * 7 * 9);
  values[voxel[0] + 5 * (voxel[1] + 7 * voxel[2])] = 200;
  return { shape, spacingMm: [1, 1, 1] as const, values, removed: null, brain: null };
}

it.each(planes)('draws a voxel where the cursor finds it again, on %s', (plane) => {
  const voxel = [4, 5, 7] as const;
  const volume = bright(voxel);
  const index = { axial: 7, coronal: 5, sagittal: 4 }[plane];
  const [column, row] = pixelOf(volume, plane, voxel);
  const { width, rgba } = slicePixels(volume, plane, index, look);
  expect(rgba[4 * (Math.floor(column) + width * Math.floor(row))]).toBe(200);
  expect(voxelAt(volume, plane, index, column, row)).toEqual(voxel);
});

it('draws the right of the subject on the left of an axial slice, and the front on top', () => {
  const [column, row] = pixelOf(bright([4, 6, 0]), 'axial', [4, 6, 0]);
  expect(column).toBe(0.5);
  expect(row).toBe(0.5);
});

it('hides what was removed until the original is asked for', () => {
  const volume = { ...bright([2, 3, 4]), removed: new Uint8Array(5 * 7 * 9).fill(1) };
  const at = 4 * (2 + 5 * 3);
  expect(slicePixels(volume, 'axial', 4, look).rgba[at]).toBe(0);
  expect(slicePixels(volume, 'axial', 4, { ...look, showOriginal: true }).rgba[at]).toBe(200);
});

it('finds a window from the values above air', () => {
  const values = Float32Array.from({ length: 1000 }, (_, n) => (n < 500 ? 0 : n - 499));
  const { full, tissue } = windowPresets(values);
  expect(full).toEqual({ level: 250, width: 500 });
  expect(tissue.width).toBeGreaterThan(470);
  expect(tissue.width).toBeLessThan(500);
});
