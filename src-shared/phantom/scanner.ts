import { seededRandom } from '../stats/random.ts';
import type { Shape } from '../volume/volume.ts';

/** In place [1 4 1]/6 along each axis: the point spread of a scanner, and partial volume between tissues. */
export function blurLightly(values: Float32Array, [nx, ny, nz]: Shape): void {
  const strides = [1, nx, nx * ny];
  const counts = [nx, ny, nz];
  for (let axis = 0; axis < 3; axis++) {
    const stride = strides[axis];
    const count = counts[axis];
    const inner = stride;
    const outer = values.length / (stride * count);
    if (axis === 0) {
      for (let start = 0; start < values.length; start += count) {
        let before = values[start];
        for (let i = 0; i < count; i++) {
          const here = values[start + i];
          const after = i + 1 < count ? values[start + i + 1] : here;
          values[start + i] = (before + 4 * here + after) / 6;
          before = here;
        }
      }
      continue;
    }
    // Rows of `inner` neighbours move together, so memory is read in order.
    const before = new Float32Array(inner);
    for (let o = 0; o < outer; o++) {
      const base = o * stride * count;
      for (let i = 0; i < inner; i++) before[i] = values[base + i];
      for (let k = 0; k < count; k++) {
        const row = base + k * stride;
        const next = k + 1 < count ? row + stride : row;
        for (let i = 0; i < inner; i++) {
          const here = values[row + i];
          values[row + i] = (before[i] + 4 * here + values[next + i]) / 6;
          before[i] = here;
        }
      }
    }
  }
}

/**
 * Multiplies by a smooth coil field (a random quadratic within 1 ± `bias`), makes the magnitude of a complex signal
 * with normal noise of `noiseSd` in both channels (Rician: Gudbjartsson and Patz 1995) and rounds to whole numbers.
 * Deviates come from a table of 65 536 drawn once, read in random order.
 */
export function addBiasAndNoise(
  values: Float32Array,
  [nx, ny, nz]: Shape,
  { seed, bias, noiseSd }: { seed: number; bias: number; noiseSd: number },
): void {
  const random = seededRandom(seed, 'scanner');
  const c = Array.from({ length: 6 }, () => random.uniform(-1, 1));
  const total = c.reduce((sum, value) => sum + Math.abs(value), 0);
  for (let i = 0; i < 6; i++) c[i] *= bias / Math.max(total * 0.6, 1e-6);
  const table = new Float32Array(65536);
  for (let i = 0; i < table.length; i++) table[i] = random.normal() * noiseSd;
  let a = random.nextUint32() | 1;
  for (let k = 0; k < nz; k++) {
    const w = (2 * k) / nz - 1;
    for (let j = 0; j < ny; j++) {
      const v = (2 * j) / ny - 1;
      const row = (k * ny + j) * nx;
      const plain = 1 + c[1] * v + c[2] * w + c[4] * v * v + c[5] * w * w;
      for (let i = 0; i < nx; i++) {
        const u = (2 * i) / nx - 1;
        let field = plain + c[0] * u + c[3] * u * u;
        if (field < 0.3) field = 0.3;
        // Marsaglia's xorshift (2003): cheap, and good enough to pick from a table.
        a ^= a << 13;
        a ^= a >>> 17;
        a ^= a << 5;
        const real = values[row + i] * field + table[a & 65535];
        const imaginary = table[a >>> 16];
        values[row + i] = Math.min(32767, Math.round(Math.sqrt(real * real + imaginary * imaginary)));
      }
    }
  }
}
