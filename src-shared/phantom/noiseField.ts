import { seededRandom } from '../stats/random.ts';

/**
 * A smooth random field of period 128 mm, mean 0, standard deviation about 1/2, with structures near 10 mm: white noise on a
 * 64-cubed lattice of 2 mm, box-filtered three times along each axis, read by trilinear interpolation.
 */
export function smoothNoise(seed: number): (x: number, y: number, z: number) => number {
  const n = 64;
  const random = seededRandom(seed, 'noise field');
  let field = new Float64Array(n * n * n);
  let other = new Float64Array(n * n * n);
  for (let i = 0; i < field.length; i++) field[i] = random.next() - 0.5;
  for (let pass = 0; pass < 3; pass++) {
    for (const stride of [1, n, n * n]) {
      for (let i = 0; i < field.length; i++) {
        const k = Math.floor(i / stride) % n;
        const start = i - k * stride;
        const a = start + ((k + n - 1) % n) * stride;
        const b = start + ((k + 1) % n) * stride;
        other[i] = (field[a] + field[i] + field[b]) / 3;
      }
      [field, other] = [other, field];
    }
  }
  let squares = 0;
  for (const value of field) squares += value * value;
  const scale = 0.5 / Math.sqrt(squares / field.length);
  const table = Float32Array.from(field, (value) => value * scale);
  return (x, y, z) => {
    const fx = x * 0.5 + 1024;
    const fy = y * 0.5 + 1024;
    const fz = z * 0.5 + 1024;
    const ix = fx | 0;
    const iy = fy | 0;
    const iz = fz | 0;
    const tx = fx - ix;
    const ty = fy - iy;
    const tz = fz - iz;
    const x0 = ix & 63;
    const x1 = (ix + 1) & 63;
    const y0 = (iy & 63) << 6;
    const y1 = ((iy + 1) & 63) << 6;
    const z0 = (iz & 63) << 12;
    const z1 = ((iz + 1) & 63) << 12;
    const c00 = table[x0 + y0 + z0] + (table[x1 + y0 + z0] - table[x0 + y0 + z0]) * tx;
    const c10 = table[x0 + y1 + z0] + (table[x1 + y1 + z0] - table[x0 + y1 + z0]) * tx;
    const c01 = table[x0 + y0 + z1] + (table[x1 + y0 + z1] - table[x0 + y0 + z1]) * tx;
    const c11 = table[x0 + y1 + z1] + (table[x1 + y1 + z1] - table[x0 + y1 + z1]) * tx;
    const low = c00 + (c10 - c00) * ty;
    return low + (c01 + (c11 - c01) * ty - low) * tz;
  };
}
