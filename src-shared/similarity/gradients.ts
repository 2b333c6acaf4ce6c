import type { Band } from './phaseCongruency.ts';

/** Scharr's gradient over 16, zeros outside the picture: the original FSIM. */
export function originalGradient({ width, height, values }: Band): Float64Array {
  const out = new Float64Array(values.length);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : values[x + width * y];
  fill(out, width, height, at, (gx, gy) => Math.sqrt(gx * gx + gy * gy) / 16);
  return out;
}

/**
 * The gradient as the package computes it, faults included: edges mirrored, unscaled, negative parts cut to 0 and squares
 * wrapped at 65536 by 16-bit numbers. 0 to 256.
 */
export function libraryGradient({ width, height, values }: Band): Float64Array {
  const out = new Float64Array(values.length);
  const mirror = (n: number, count: number): number => (n < 0 ? -n : n >= count ? 2 * count - 2 - n : n);
  const at = (x: number, y: number): number => values[mirror(x, width) + width * mirror(y, height)];
  fill(out, width, height, at, (gx, gy) => {
    const x = gx > 0 ? gx : 0;
    const y = gy > 0 ? gy : 0;
    return Math.sqrt((x * x + y * y) & 65535);
  });
  return out;
}

function fill(
  out: Float64Array,
  width: number,
  height: number,
  at: (x: number, y: number) => number,
  strength: (gx: number, gy: number) => number,
): void {
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n++) {
      const a = at(x - 1, y - 1);
      const c = at(x + 1, y - 1);
      const g = at(x - 1, y + 1);
      const i = at(x + 1, y + 1);
      const gx = 3 * (c - a + i - g) + 10 * (at(x + 1, y) - at(x - 1, y));
      const gy = 3 * (g - a + i - c) + 10 * (at(x, y + 1) - at(x, y - 1));
      out[n] = strength(gx, gy);
    }
  }
}
