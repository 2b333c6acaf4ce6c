import type { Shape } from '../volume/volume.ts';

/**
 * Smooths `values` in place by a binomial kernel a few times along each axis: `passes` times [1 2 1] / 4, each adding
 * half a squared voxel of variance. Beyond the border counts as 0. Only sums and products of exact binary fractions, so
 * the same bytes come out on every machine.
 */
export function binomialSmooth(
  values: Float32Array,
  [nx, ny, nz]: Shape,
  passes: readonly [number, number, number],
): void {
  for (let pass = 0; pass < passes[0]; pass++) alongRows(values, nx, ny * nz);
  for (let z = 0; z < nz && passes[1] > 0; z++) acrossRows(values, z * nx * ny, nx, ny, passes[1]);
  if (passes[2] > 0) acrossRows(values, 0, nx * ny, nz, passes[2]);
}

function alongRows(values: Float32Array, length: number, rows: number): void {
  for (let row = 0, n = 0; row < rows; row++) {
    let before = 0;
    let here = values[n];
    for (const last = n + length - 1; n < last; n++) {
      const after = values[n + 1];
      values[n] = 0.25 * (before + here + here + after);
      before = here;
      here = after;
    }
    values[n] = 0.25 * (before + here + here);
    n++;
  }
}

/** Smooths across `count` rows of `width` neighbouring values that follow each other from `start` on. */
function acrossRows(values: Float32Array, start: number, width: number, count: number, passes: number): void {
  const before = new Float32Array(width);
  for (let pass = 0; pass < passes; pass++) {
    before.fill(0);
    for (let n = 0, at = start; n < count; n++, at += width) {
      const last = n === count - 1;
      for (let x = 0, here = at; x < width; x++, here++) {
        const value = values[here];
        const after = last ? 0 : values[here + width];
        values[here] = 0.25 * (before[x] + value + value + after);
        before[x] = value;
      }
    }
  }
}

/** How many passes of [1 2 1] / 4 come nearest to a Gaussian of `sigmaMm` on voxels of `spacingMm`. */
export const passesFor = (sigmaMm: number, spacingMm: number): number =>
  Math.min(12, Math.round((2 * sigmaMm * sigmaMm) / (spacingMm * spacingMm)));
