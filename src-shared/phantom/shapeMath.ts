/** exp(-s) replaced by (1 - s/8)^8: a bell with finite reach that needs no library function, so bytes agree everywhere. */
export function soft(s: number): number {
  if (s >= 8) return 0;
  let q = 1 - s / 8;
  q *= q;
  q *= q;
  return q * q;
}

/** A bell of height 1 around the origin with standard deviations `sx` and `sz`. */
export const bell = (dx: number, sx: number, dz: number, sz: number): number =>
  soft(0.5 * ((dx * dx) / (sx * sx) + (dz * dz) / (sz * sz)));

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** The smaller of two distances, rounded over about `k` mm where they meet (polynomial smooth minimum). */
export function smoothMin(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  return (a < b ? a : b) - (h > 0 ? (h * h) / (4 * k) : 0);
}

export const smoothMax = (a: number, b: number, k: number): number => -smoothMin(-a, -b, k);

/** Normalised radius minus one, in mm of the smallest half axis: below 0 inside the ellipsoid. */
export function ellipsoid(dx: number, dy: number, dz: number, rx: number, ry: number, rz: number): number {
  const ux = dx / rx;
  const uy = dy / ry;
  const uz = dz / rz;
  const p = Math.sqrt(ux * ux + uy * uy + uz * uz);
  if (p < 1e-6) return -Math.min(rx, ry, rz);
  const gx = ux / rx;
  const gy = uy / ry;
  const gz = uz / rz;
  return ((p - 1) * p) / Math.sqrt(gx * gx + gy * gy + gz * gz);
}

/**
 * A smooth curve through (position, value) knots sorted by rising position, constant beyond the ends: cubic
 * Hermite with the slopes of Fritsch and Carlson (1980), so it never overshoots.
 */
export function profile(knots: readonly (readonly [number, number])[]): (position: number) => number {
  const n = knots.length;
  const slope = new Float64Array(n);
  const secant = (i: number): number => (knots[i + 1][1] - knots[i][1]) / (knots[i + 1][0] - knots[i][0]);
  for (let i = 1; i + 1 < n; i++) {
    const a = secant(i - 1);
    const b = secant(i);
    slope[i] = a * b > 0 ? (2 * a * b) / (a + b) : 0;
  }
  return (position) => {
    if (position <= knots[0][0]) return knots[0][1];
    if (position >= knots[n - 1][0]) return knots[n - 1][1];
    let i = 0;
    while (position > knots[i + 1][0]) i++;
    const h = knots[i + 1][0] - knots[i][0];
    const t = (position - knots[i][0]) / h;
    const u = 1 - t;
    return (
      knots[i][1] * u * u * (1 + 2 * t) +
      knots[i + 1][1] * t * t * (3 - 2 * t) +
      h * t * u * (u * slope[i] - t * slope[i + 1])
    );
  };
}
