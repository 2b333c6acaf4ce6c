import { extremes, otsuLevel } from '../volume/otsu.ts';
import type { Volume } from '../volume/volume.ts';
import type { Samples } from './matchCost.ts';

/** Class 0 is air; the histogram of what is brighter is cut into this many equal shares less one. */
export const scanClasses = 24;

/**
 * The level between air and tissue, dim tissue (bone, fluid) included as far as the histogram shows it: Otsu's level, and
 * once more below it. null for a constant volume.
 */
export function airLevel(coarse: Volume): number | null {
  const bright = otsuLevel(coarse.values);
  if (bright === null) return null;
  const dim = otsuLevel(coarse.values, { range: [extremes(coarse.values)[0], bright] }) ?? bright;
  return (dim + bright) / 2 < bright ? dim : bright;
}

/** Upper limits of the classes above air, so that each holds as many voxels: independent of contrast and outliers. */
export function classLimits(coarse: Volume, level: number): Float64Array {
  const tissue = Float64Array.from(coarse.values.filter((value) => value > level)).sort();
  const limits = new Float64Array(scanClasses - 2);
  for (let n = 0; n < limits.length; n++) {
    limits[n] =
      tissue[Math.min(tissue.length - 1, Math.floor(((n + 1) * tissue.length) / (scanClasses - 1)))];
  }
  return limits;
}

/**
 * At most about `most` voxel centres of a coarse volume, every one or evenly left out, with their classes. Weights from
 * `weigh` (world mm); points of weight 0 are left out.
 */
export function samplesOf(
  coarse: Volume,
  { level, limits, most }: { level: number; limits: Float64Array; most: number },
  weigh: (x: number, y: number, z: number) => number = () => 1,
): Samples {
  const { shape: [nx, ny, nz], affine: m, values } = coarse; // prettier-ignore
  // A step that shares no factor with the rows spreads what is left evenly over the volume.
  let step = Math.max(1, Math.ceil(values.length / most));
  while (step > 1 && (nx % step === 0 || (nx * ny) % step === 0)) step++;
  const size = Math.ceil(values.length / step);
  const points = new Float32Array(3 * size);
  const classes = new Uint8Array(size);
  const weights = new Float32Array(size);
  let count = 0;
  for (let n = 0; n < nx * ny * nz; n += step) {
    const i = n % nx;
    const j = ((n - i) / nx) % ny;
    const k = ((n - i) / nx - j) / ny;
    const x = m[0] * i + m[1] * j + m[2] * k + m[3];
    const y = m[4] * i + m[5] * j + m[6] * k + m[7];
    const z = m[8] * i + m[9] * j + m[10] * k + m[11];
    const weight = weigh(x, y, z);
    if (!(weight > 0)) continue;
    points[3 * count] = x;
    points[3 * count + 1] = y;
    points[3 * count + 2] = z;
    classes[count] = values[n] > level ? classOf(values[n], limits) : 0;
    weights[count++] = weight;
  }
  return {
    points: points.subarray(0, 3 * count),
    classes: classes.subarray(0, count),
    weights: weights.subarray(0, count),
    classCount: scanClasses,
  };
}

function classOf(value: number, limits: Float64Array): number {
  let low = 0;
  let high = limits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > limits[middle]) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
