import { invert, multiply, type WorldTransform } from '../volume/affine.ts';
import type { Grid } from '../volume/volume.ts';

/** Points of one image with the class of intensity each has. */
export interface Samples {
  /** World mm, three a point. */
  readonly points: Float32Array;
  readonly classes: Uint8Array;
  readonly weights: Float32Array;
  readonly classCount: number;
}

/** The image the points are carried into: per voxel an intensity class as a real number, and a share of brain. */
export interface MatchTarget extends Grid {
  /** Two numbers a voxel: intensity from 0 to levels - 1, brain 0 to 1. An intensity below 0 is unknown. */
  readonly pairs: Float32Array;
  readonly levels: number;
  /** What lies beyond the sides, front, back and top of the grid; beyond the bottom it is never known. */
  readonly beyond: 'air' | 'unknown';
}

export interface Match {
  /** Normalised mutual information of Studholme, Hill and Hawkes (Pattern Recognition 1999): 1 none, 2 complete. */
  readonly information: number;
  /** Share of the points' weight that fell where the target is known. */
  readonly known: number;
}

/** Measures how well intensities of the points foretell the target under a map from their world to the target's. */
export function createMatch(samples: Samples, target: MatchTarget): (map: WorldTransform) => Match {
  const { points, classes, weights, classCount } = samples;
  const { pairs, levels, shape, beyond } = target;
  const [nx, ny, nz] = shape;
  const columns = 2 * levels;
  const counts = new Float64Array(classCount * columns);
  const rowSums = new Float64Array(classCount);
  const columnSums = new Float64Array(columns);
  const toVoxel = invert(target.affine);
  const row = 2 * nx;
  const slab = row * ny;
  const outsideIsAir = beyond === 'air';
  let whole = 0;
  for (const weight of weights) whole += weight;

  return (map) => {
    const [a, b, c, d, e, f, g, h, i, j, k, l] = multiply(toVoxel, map);
    counts.fill(0);
    for (let n = 0, p = 0; n < classes.length; n++, p += 3) {
      const x = points[p];
      const y = points[p + 1];
      const z = points[p + 2];
      const u = a * x + b * y + c * z + d;
      const v = e * x + f * y + g * z + h;
      const w = i * x + j * y + k * z + l;
      const at = classes[n] * columns;
      if (!(u >= 0 && v >= 0 && w >= 0 && u < nx - 1 && v < ny - 1 && w < nz - 1)) {
        if (outsideIsAir && w >= 0) counts[at] += weights[n];
        continue;
      }
      const u0 = u | 0;
      const v0 = v | 0;
      const w0 = w | 0;
      const fu = u - u0;
      const fv = v - v0;
      const fw = w - w0;
      const q = 2 * u0 + row * v0 + slab * w0;
      const w00 = (1 - fv) * (1 - fw);
      const w10 = fv * (1 - fw);
      const w01 = (1 - fv) * fw;
      const w11 = fv * fw;
      const gu = 1 - fu;
      const level =
        w00 * (gu * pairs[q] + fu * pairs[q + 2]) +
        w10 * (gu * pairs[q + row] + fu * pairs[q + row + 2]) +
        w01 * (gu * pairs[q + slab] + fu * pairs[q + slab + 2]) +
        w11 * (gu * pairs[q + slab + row] + fu * pairs[q + slab + row + 2]);
      if (level < 0) continue;
      const brain =
        w00 * (gu * pairs[q + 1] + fu * pairs[q + 3]) +
        w10 * (gu * pairs[q + row + 1] + fu * pairs[q + row + 3]) +
        w01 * (gu * pairs[q + slab + 1] + fu * pairs[q + slab + 3]) +
        w11 * (gu * pairs[q + slab + row + 1] + fu * pairs[q + slab + row + 3]);
      const low = level < levels - 1 ? level | 0 : levels - 2;
      const upper = (level - low) * weights[n];
      const lower = weights[n] - upper;
      const to = at + 2 * low;
      counts[to] += lower * (1 - brain);
      counts[to + 1] += lower * brain;
      counts[to + 2] += upper * (1 - brain);
      counts[to + 3] += upper * brain;
    }
    rowSums.fill(0);
    columnSums.fill(0);
    let total = 0;
    let joint = 0;
    for (let r = 0, n = 0; r < classCount; r++) {
      for (let s = 0; s < columns; s++, n++) {
        const count = counts[n];
        if (count <= 0) continue;
        rowSums[r] += count;
        columnSums[s] += count;
        total += count;
        joint += count * Math.log(count);
      }
    }
    if (!(total > 0)) return { information: 1, known: 0 };
    const logTotal = Math.log(total);
    const entropy = (sums: Float64Array): number => {
      let sum = 0;
      for (const count of sums) if (count > 0) sum += count * Math.log(count);
      return logTotal - sum / total;
    };
    const together = logTotal - joint / total;
    const information = together > 1e-9 ? (entropy(rowSums) + entropy(columnSums)) / together : 1;
    return { information, known: total / whole };
  };
}
