import { spacingOf } from './affine.ts';
import type { Mask, Shape } from './volume.ts';

/**
 * Distance in mm of every voxel centre to the nearest voxel centre inside the mask: 0 inside, Infinity everywhere for an
 * empty mask. Exact for any spacing (axes taken as perpendicular), by lower envelopes of parabolas, one axis at a time:
 * Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012. With `saturateMm` larger distances
 * are given as `saturateMm`, which is much faster around a small mask.
 */
export function distanceTo(
  mask: Mask,
  { saturateMm = Infinity }: { saturateMm?: number } = {},
): Float32Array {
  const squared = squaredDistance(mask, saturateMm);
  for (let n = 0; n < squared.length; n++) squared[n] = Math.sqrt(squared[n]);
  return squared;
}

/**
 * Distance in mm to the border of the mask, negative inside. The border lies half way between voxel centres on its two
 * sides, so values next to it are about half a voxel. Saturates at `saturateMm` on both sides.
 */
export function signedDistance(
  mask: Mask,
  { saturateMm = Infinity }: { saturateMm?: number } = {},
): Float32Array {
  const outside = distanceTo(mask, { saturateMm });
  const inside = distanceTo({ ...mask, bits: mask.bits.map((bit) => 1 - bit) }, { saturateMm });
  const half = Math.min(...spacingOf(mask.affine)) / 2;
  for (let n = 0; n < outside.length; n++) {
    outside[n] = mask.bits[n] === 1 ? Math.min(0, half - inside[n]) : Math.max(0, outside[n] - half);
  }
  return outside;
}

/** Squared mm, saturated at `saturateMm` squared; with `within` computed there only, from the voxels there only. */
export function squaredDistance(
  { shape, affine, bits }: Mask,
  saturateMm: number,
  within?: Box,
): Float32Array {
  const [nx, ny] = shape;
  const limit = saturateMm * saturateMm;
  const out = new Float32Array(bits.length).fill(limit);
  const spacing = spacingOf(affine);
  const reach = spacing.map((mm) => saturateMm / mm);
  const box = within ?? boxAround(bits, shape, reach);
  if (box === null) return out;
  const [x0, x1, y0, y1, z0, z1] = box;
  alongX(bits, out, { shape, box, mm: spacing[0], limit });
  const line = createLine(Math.max(y1 - y0, z1 - z0));
  if (y1 - y0 > 1) {
    for (let z = z0; z < z1; z++) {
      for (let x = x0; x < x1; x++) line.run(out, x + nx * (y0 + ny * z), nx, y1 - y0, spacing[1], limit);
    }
  }
  if (z1 - z0 > 1) {
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++)
        line.run(out, x + nx * (y + ny * z0), nx * ny, z1 - z0, spacing[2], limit);
    }
  }
  return out;
}

export type Box = readonly [x0: number, x1: number, y0: number, y1: number, z0: number, z1: number];

/** The part of the grid within `reach` voxels of the set ones along each axis, ends exclusive; null where none is set. */
export function boxAround(bits: Uint8Array, [nx, ny, nz]: Shape, reach: readonly number[]): Box | null {
  let [x0, x1, y0, y1, z0, z1] = [nx, -1, ny, -1, nz, -1];
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row += nx) {
      let first = 0;
      while (first < nx && bits[row + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (bits[row + last] === 0) last--;
      if (first < x0) x0 = first;
      if (last > x1) x1 = last;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
      if (z < z0) z0 = z;
      z1 = z;
    }
  }
  if (x1 < 0) return null;
  const low = (at: number, axis: number): number => Math.max(0, Math.floor(at - reach[axis]));
  const high = (at: number, axis: number, n: number): number => Math.min(n, Math.ceil(at + reach[axis]) + 1);
  return [low(x0, 0), high(x1, 0, nx), low(y0, 1), high(y1, 1, ny), low(z0, 2), high(z1, 2, nz)];
}

interface RowPass {
  readonly shape: Shape;
  readonly box: Box;
  readonly mm: number;
  readonly limit: number;
}

/** First axis: a sweep to the right and one to the left. */
function alongX(bits: Uint8Array, out: Float32Array, { shape: [nx, ny], box, mm, limit }: RowPass): void {
  const [x0, x1, y0, y1, z0, z1] = box;
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      const row = nx * (y + ny * z);
      let steps = Infinity;
      for (let n = row + x0; n < row + x1; n++) {
        steps = bits[n] !== 0 ? 0 : steps + 1;
        const d = steps * mm;
        if (d * d < limit) out[n] = d * d;
      }
      steps = Infinity;
      for (let n = row + x1 - 1; n >= row + x0; n--) {
        steps = bits[n] !== 0 ? 0 : steps + 1;
        const d = steps * mm;
        if (d * d < out[n]) out[n] = d * d;
      }
    }
  }
}

interface LinePass {
  run(values: Float32Array, start: number, step: number, count: number, mm: number, limit: number): void;
}

/** One line at a time: the lower envelope of one parabola a voxel. Scratch memory is shared by all lines. */
function createLine(longest: number): LinePass {
  const height = new Float64Array(longest);
  const vertex = new Int32Array(longest);
  const from = new Float64Array(longest + 1);
  return {
    run(values, start, step, count, mm, limit) {
      const weight = mm * mm;
      let top = -1;
      for (let q = 0, at = start; q < count; q++, at += step) {
        const h = values[at];
        // A saturated voxel can lower nothing.
        if (!(h < limit)) continue;
        height[q] = h;
        let crossing = -Infinity;
        while (top >= 0) {
          const p = vertex[top];
          crossing = (h - height[p] + weight * (q * q - p * p)) / (2 * weight * (q - p));
          if (crossing > from[top]) break;
          top--;
        }
        top++;
        vertex[top] = q;
        from[top] = top === 0 ? -Infinity : crossing;
      }
      if (top < 0) return;
      from[top + 1] = Infinity;
      for (let q = 0, at = start, n = 0; q < count; q++, at += step) {
        while (from[n + 1] < q) n++;
        const p = vertex[n];
        const d = weight * (q - p) * (q - p) + height[p];
        values[at] = d < limit ? d : limit;
      }
    },
  };
}
