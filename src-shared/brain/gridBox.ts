import { affineOf, applyMatrix, invert, multiply, spacingOf, type Matrix } from '../volume/affine.ts';
import type { Grid, Shape, Volume } from '../volume/volume.ts';

/** A part of a grid: its first voxel and one past its last, along the stored axes. */
export interface GridBox {
  readonly from: Shape;
  readonly to: Shape;
}

/**
 * The box of `grid` that holds every value above 0 of `values` and `marginMm` around them. `toWorld` maps the voxels of
 * `values` to millimetres in the world of `grid`. null where no such value lies within the grid.
 */
export function boxAround(
  { shape, values, toWorld }: { shape: Shape; values: Float32Array | Float64Array; toWorld: Matrix },
  { grid, marginMm }: { grid: Grid; marginMm: number },
): GridBox | null {
  const span = spanOf(values, shape);
  if (span === null) return null;
  const toGrid = multiply(invert(grid.affine), toWorld);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    // A voxel further than the outermost centres: interpolation reaches beyond them.
    const [i, j, k] = [0, 1, 2].map((axis) =>
      corner & (1 << axis) ? span.last[axis] + 1 : span.first[axis] - 1,
    );
    const at = applyMatrix(toGrid, i, j, k);
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], at[axis]);
      high[axis] = Math.max(high[axis], at[axis]);
    }
  }
  const margins = spacingOf(grid.affine).map((mm) => marginMm / mm);
  const from = low.map((n, axis) => Math.max(0, Math.floor(n - margins[axis])));
  const to = high.map((n, axis) => Math.min(grid.shape[axis], Math.ceil(n + margins[axis]) + 1));
  if (from.some((n, axis) => n >= to[axis])) return null;
  return { from: [from[0], from[1], from[2]], to: [to[0], to[1], to[2]] };
}

/** The grid of the box alone, lying where it lies in the whole. */
export function boxGrid({ affine: m }: Grid, { from, to }: GridBox): Grid {
  const [x, y, z] = applyMatrix(m, ...from);
  return {
    shape: [to[0] - from[0], to[1] - from[1], to[2] - from[2]],
    affine: affineOf([m[0], m[1], m[2], x, m[4], m[5], m[6], y, m[8], m[9], m[10], z]),
  };
}

/** The voxels of the box alone. */
export function cropped(volume: Volume, box: GridBox): Volume {
  const grid = boxGrid(volume, box);
  const values = new Float32Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  eachRow(volume.shape, box, (start, end, at) => {
    values.set(volume.values.subarray(start, end), at);
  });
  return { ...grid, values };
}

/** Calls back for every row of the box: where it starts and ends in the whole, and where it starts in the box alone. */
export function eachRow(
  [nx, ny]: Shape,
  { from, to }: GridBox,
  visit: (start: number, end: number, at: number) => void,
): void {
  const width = to[0] - from[0];
  let at = 0;
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const start = from[0] + nx * (j + ny * k);
      visit(start, start + width, at);
      at += width;
    }
  }
}

/** First and last index along each axis of the values above 0. */
function spanOf(values: Float32Array | Float64Array, [nx, ny]: Shape) {
  const first = [Infinity, Infinity, Infinity];
  const last = [-1, -1, -1];
  for (let n = 0; n < values.length; n++) {
    if (!(values[n] > 0)) continue;
    const i = n % nx;
    const j = ((n - i) / nx) % ny;
    const k = ((n - i) / nx - j) / ny;
    if (i < first[0]) first[0] = i;
    if (j < first[1]) first[1] = j;
    if (k < first[2]) first[2] = k;
    if (i > last[0]) last[0] = i;
    if (j > last[1]) last[1] = j;
    if (k > last[2]) last[2] = k;
  }
  return last[0] < 0 ? null : { first, last };
}
