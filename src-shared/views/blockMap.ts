import type { SurfaceField } from './surfaceField.ts';

/** Side of a block in voxels. */
export const blockSide = 4;

/** For each block of voxels how far it is, in blocks, from one that may hold the surface: 0 there, up to 255. */
export interface BlockMap {
  readonly shape: readonly [number, number, number];
  readonly steps: Uint8Array;
}

/**
 * A map for skipping empty space: the Chebyshev distance of each block to the nearest block with a corner value above 1.
 * A cell between voxels n and n + 1 belongs to the block of n, so a block looks one voxel further than its side.
 */
export function blockMap({ shape, values }: SurfaceField): BlockMap {
  const [nx, ny, nz] = shape;
  const bx = Math.ceil(nx / blockSide);
  const by = Math.ceil(ny / blockSide);
  const bz = Math.ceil(nz / blockSide);
  const steps = new Uint8Array(bx * by * bz).fill(255);
  for (let k = 0, n = 0; k < nz; k++) {
    const z = (k / blockSide) | 0;
    const zAlso = k % blockSide === 0 && z > 0 ? z - 1 : z;
    for (let j = 0; j < ny; j++) {
      const y = (j / blockSide) | 0;
      const yAlso = j % blockSide === 0 && y > 0 ? y - 1 : y;
      const a = bx * (y + by * z);
      const b = bx * (yAlso + by * z);
      const c = bx * (y + by * zAlso);
      const d = bx * (yAlso + by * zAlso);
      for (let i = 0; i < nx; i++, n++) {
        if (!(values[n] > 1)) continue;
        const x = (i / blockSide) | 0;
        steps[a + x] = steps[b + x] = steps[c + x] = steps[d + x] = 0;
        if (i % blockSide === 0 && x > 0) {
          steps[a + x - 1] = steps[b + x - 1] = steps[c + x - 1] = steps[d + x - 1] = 0;
        }
      }
    }
  }
  for (let row = 0; row < by * bz; row++) spread(steps, row * bx, 1, bx);
  for (let z = 0; z < bz; z++) for (let x = 0; x < bx; x++) spreadWide(steps, x + bx * by * z, bx, by);
  for (let y = 0; y < by; y++) for (let x = 0; x < bx; x++) spreadWide(steps, x + bx * y, bx * by, bz);
  return { shape: [bx, by, bz], steps };
}

/** Distance along one line: a sweep each way. */
function spread(steps: Uint8Array, start: number, step: number, count: number): void {
  for (let n = 1, at = start + step; n < count; n++, at += step) {
    const reached = steps[at - step] + 1;
    if (reached < steps[at]) steps[at] = reached;
  }
  for (let n = count - 2, at = start + (count - 2) * step; n >= 0; n--, at -= step) {
    const reached = steps[at + step] + 1;
    if (reached < steps[at]) steps[at] = reached;
  }
}

/** The Chebyshev distance: over the line, the smallest of max(distance there, how far away it is). */
function spreadWide(steps: Uint8Array, start: number, step: number, count: number): void {
  const line = new Uint8Array(count);
  for (let n = 0; n < count; n++) line[n] = steps[start + n * step];
  for (let n = 0; n < count; n++) {
    let best = line[n];
    for (let away = 1; away < best && (n >= away || n + away < count); away++) {
      if (n >= away) best = Math.min(best, Math.max(away, line[n - away]));
      if (n + away < count) best = Math.min(best, Math.max(away, line[n + away]));
    }
    steps[start + n * step] = best;
  }
}
