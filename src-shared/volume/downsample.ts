import { affineOf, spacingOf, type Affine } from './affine.ts';
import { gaussian } from './gaussian.ts';
import { resample } from './resample.ts';
import type { Grid, Shape, Volume } from './volume.ts';

/**
 * The mean of blocks of `factors` voxels, float32; a block cut by the far border is the mean of what it has. The voxel
 * centres of the result are the centres of whole blocks.
 */
export function blockMean(volume: Volume, factors: readonly [number, number, number]): Volume {
  const { shape, values } = volume;
  const [fx, fy, fz] = factors;
  const out: Shape = [Math.ceil(shape[0] / fx), Math.ceil(shape[1] / fy), Math.ceil(shape[2] / fz)];
  const means = new Float32Array(out[0] * out[1] * out[2]);
  const sums = new Float64Array(out[0]);
  for (let k = 0; k < out[2]; k++) {
    const z1 = Math.min(shape[2], (k + 1) * fz);
    for (let j = 0; j < out[1]; j++) {
      const y1 = Math.min(shape[1], (j + 1) * fy);
      sums.fill(0);
      for (let z = k * fz; z < z1; z++) {
        for (let y = j * fy; y < y1; y++) {
          const row = shape[0] * (y + shape[1] * z);
          for (let i = 0, x = 0; i < out[0]; i++) {
            const x1 = Math.min(shape[0], x + fx);
            let sum = 0;
            for (; x < x1; x++) sum += values[row + x];
            sums[i] += sum;
          }
        }
      }
      const rows = (z1 - k * fz) * (y1 - j * fy);
      const to = out[0] * (j + out[1] * k);
      for (let i = 0; i < out[0]; i++)
        means[to + i] = sums[i] / (rows * (Math.min(shape[0], (i + 1) * fx) - i * fx));
    }
  }
  return { shape: out, affine: coarseAffine(volume.affine, factors), values: means };
}

/** Block means with the whole factors that come nearest to `spacingMm`; never finer than the volume itself. */
export function blockMeanTo(volume: Volume, { spacingMm }: { spacingMm: number }): Volume {
  const [x, y, z] = spacingOf(volume.affine).map((mm) => Math.max(1, Math.round(spacingMm / mm)));
  return blockMean(volume, [x, y, z]);
}

/**
 * The volume on a cubic grid of exactly `spacingMm` along its own axes, about the same centre: smoothed first by what the
 * coarser grid cannot show (sigma = half of sqrt(new squared - old squared)), then read trilinearly.
 */
export function resampleTo(volume: Volume, { spacingMm }: { spacingMm: number }): Volume {
  const spacing = spacingOf(volume.affine);
  const sigma = spacing.map((mm) =>
    spacingMm > mm ? Math.sqrt(spacingMm * spacingMm - mm * mm) / 2 / mm : 0,
  );
  const values = sigma.some((s) => s > 0)
    ? gaussian(volume.values, volume.shape, [sigma[0], sigma[1], sigma[2]])
    : volume.values;
  return resample({ ...volume, values }, { onto: cubicGrid(volume, spacingMm) });
}

/** A grid of cubic voxels along the same axes and about the same centre, covering the same field. */
export function cubicGrid({ shape, affine }: Grid, spacingMm: number): Grid {
  const factors = spacingOf(affine).map((mm) => spacingMm / mm) as [number, number, number];
  const out = shape.map((n, axis) => Math.max(1, Math.ceil(n / factors[axis] - 1e-6))) as unknown as Shape;
  const first = shape.map((n, axis) => (n - 1) / 2 - ((out[axis] - 1) / 2) * factors[axis]);
  return { shape: out, affine: steppedAffine(affine, factors, first) };
}

function coarseAffine(affine: Affine, factors: readonly [number, number, number]): Affine {
  return steppedAffine(
    affine,
    factors,
    factors.map((factor) => (factor - 1) / 2),
  );
}

/** Steps `factors` times as long, the first voxel at voxel `first` of the old grid. */
function steppedAffine(m: Affine, factors: readonly number[], first: readonly number[]): Affine {
  const rows = [0, 4, 8].flatMap((r) => [
    m[r] * factors[0],
    m[r + 1] * factors[1],
    m[r + 2] * factors[2],
    m[r] * first[0] + m[r + 1] * first[1] + m[r + 2] * first[2] + m[r + 3],
  ]);
  return affineOf(rows as unknown as Affine);
}
