import { worldTransformOf, type WorldTransform } from '../volume/affine.ts';

/** What a parameter vector turns about: `from` in the space of the points, `to` where it comes to lie, both mm. */
export interface Pivot {
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
}

/** Three shifts in mm, three turns in radians, three logarithms of scales, three shears. */
export const parameterCount = 12;

/**
 * The affine map of a parameter vector: x goes to R(turns) * Shear * Scale * (x - from) + to + shifts. Turns are about
 * the x, then y, then z axis. Zeros give a pure shift of `from` onto `to`.
 */
export function transformOf(p: Float64Array, { from, to }: Pivot): WorldTransform {
  const [ca, sa] = [Math.cos(p[3]), Math.sin(p[3])];
  const [cb, sb] = [Math.cos(p[4]), Math.sin(p[4])];
  const [cc, sc] = [Math.cos(p[5]), Math.sin(p[5])];
  const r = [
    cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa,
    sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa,
    -sb, cb * sa, cb * ca,
  ]; // prettier-ignore
  const [sx, sy, sz] = [Math.exp(p[6]), Math.exp(p[7]), Math.exp(p[8])];
  const out: number[] = [];
  for (let row = 0; row < 3; row++) {
    const [a, b, c] = [r[3 * row], r[3 * row + 1], r[3 * row + 2]];
    const m = [a * sx, (a * p[9] + b) * sy, (a * p[10] + b * p[11] + c) * sz];
    out.push(...m, to[row] + p[row] - m[0] * from[0] - m[1] * from[1] - m[2] * from[2]);
  }
  return worldTransformOf(out as unknown as WorldTransform);
}
