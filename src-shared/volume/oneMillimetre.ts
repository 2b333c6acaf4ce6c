import { affineOf } from './affine.ts';
import type { Grid } from './volume.ts';

/** The straight grid of 1 mm voxels, RAS+, that just holds a grid in any position: for what must lie on one raster. */
export function oneMillimetreGrid({ shape, affine: m }: Grid): Grid {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    // Outer faces of the outermost voxels, not their centres.
    const at = shape.map((n, axis) => ((corner >> axis) & 1 ? n - 0.5 : -0.5));
    for (let row = 0; row < 3; row++) {
      const mm = m[row * 4] * at[0] + m[row * 4 + 1] * at[1] + m[row * 4 + 2] * at[2] + m[row * 4 + 3];
      low[row] = Math.min(low[row], mm);
      high[row] = Math.max(high[row], mm);
    }
  }
  const count = (axis: number): number => Math.max(1, Math.round(high[axis] - low[axis]));
  const start = (axis: number): number => (low[axis] + high[axis]) / 2 - (count(axis) - 1) / 2;
  return {
    shape: [count(0), count(1), count(2)],
    affine: affineOf([1, 0, 0, start(0), 0, 1, 0, start(1), 0, 0, 1, start(2)]),
  };
}
