import { spacingOf } from './affine.ts';
import type { Mask, Shape, Volume } from './volume.ts';

/**
 * The volume smoothed by a Gaussian of `sigmaMm` along each axis, on the same grid, float32. Beyond the border the
 * outermost voxel is repeated. The kernel ends at 3.5 sigma; an axis with sigma below a quarter voxel is left alone.
 */
export function smooth(volume: Volume, { sigmaMm }: { sigmaMm: number }): Volume {
  return { ...volume, values: gaussian(volume.values, volume.shape, sigmaVoxelsOf(volume, sigmaMm)) };
}

/** A mask smoothed the same way: 0 to 1, one half at a flat border. */
export function smoothMask(mask: Mask, { sigmaMm }: { sigmaMm: number }): Volume {
  const { shape, affine, bits } = mask;
  return { shape, affine, values: gaussian(bits, shape, sigmaVoxelsOf(mask, sigmaMm)) };
}

function sigmaVoxelsOf(grid: Pick<Volume, 'affine'>, sigmaMm: number): [number, number, number] {
  const [x, y, z] = spacingOf(grid.affine);
  return [sigmaMm / x, sigmaMm / y, sigmaMm / z];
}

/** The same on bare values, sigma in voxels of each axis. */
export function gaussian(
  values: Float32Array | Float64Array | Uint8Array,
  [nx, ny, nz]: Shape,
  sigmaVoxels: readonly [number, number, number],
): Float32Array {
  const out = Float32Array.from(values);
  alongRows(out, nx, ny * nz, kernelOf(sigmaVoxels[0]));
  const ky = kernelOf(sigmaVoxels[1]);
  if (ky.length > 1) {
    for (let z = 0; z < nz; z++) acrossRows(out, { start: z * nx * ny, width: nx, count: ny, step: nx }, ky);
  }
  const kz = kernelOf(sigmaVoxels[2]);
  if (kz.length > 1) {
    for (let y = 0; y < ny; y++) acrossRows(out, { start: y * nx, width: nx, count: nz, step: nx * ny }, kz);
  }
  return out;
}

/** Centre and one side of the kernel; both sides and the centre add up to 1. */
function kernelOf(sigma: number): Float64Array {
  if (!(sigma >= 0.25)) return new Float64Array([1]);
  const half = new Float64Array(Math.ceil(3.5 * sigma) + 1);
  let sum = 0;
  for (let n = 0; n < half.length; n++) {
    half[n] = Math.exp(-(n * n) / (2 * sigma * sigma));
    sum += n === 0 ? half[n] : 2 * half[n];
  }
  return half.map((weight) => weight / sum);
}

function alongRows(values: Float32Array, length: number, rows: number, kernel: Float64Array): void {
  const reach = kernel.length - 1;
  if (reach === 0) return;
  const padded = new Float64Array(length + 2 * reach);
  for (let row = 0; row < rows; row++) {
    const start = row * length;
    padded.fill(values[start], 0, reach);
    for (let n = 0; n < length; n++) padded[reach + n] = values[start + n];
    padded.fill(values[start + length - 1], reach + length);
    for (let n = 0; n < length; n++) {
      const at = n + reach;
      let sum = kernel[0] * padded[at];
      for (let k = 1; k <= reach; k++) sum += kernel[k] * (padded[at - k] + padded[at + k]);
      values[start + n] = sum;
    }
  }
}

interface RowStack {
  readonly start: number;
  readonly width: number;
  readonly count: number;
  readonly step: number;
}

/** Smooths across a stack of rows, whole rows at a time because they lie together in memory. */
function acrossRows(
  values: Float32Array,
  { start, width, count, step }: RowStack,
  kernel: Float64Array,
): void {
  const copy = new Float32Array(width * count);
  for (let n = 0; n < count; n++) {
    copy.set(values.subarray(start + n * step, start + n * step + width), n * width);
  }
  const sums = new Float64Array(width);
  for (let n = 0; n < count; n++) {
    const centre = n * width;
    for (let x = 0; x < width; x++) sums[x] = kernel[0] * copy[centre + x];
    for (let k = 1; k < kernel.length; k++) {
      const before = Math.max(0, n - k) * width;
      const after = Math.min(count - 1, n + k) * width;
      const weight = kernel[k];
      for (let x = 0; x < width; x++) sums[x] += weight * (copy[before + x] + copy[after + x]);
    }
    values.set(sums, start + n * step);
  }
}
