import { applyMatrix, spacingOf } from '../volume/affine.ts';
import type { Volume } from '../volume/volume.ts';

/** The surface along which exact emptiness borders bright tissue: skin is never so sharp. */
export interface CutSurface {
  /** Area in cm² of voxel faces; a slanted plane counts as its stairs. */
  readonly areaCm2: number;
  /** World mm of the middles of at most about 4000 of the faces, evenly taken: x, y, z after one another. */
  readonly points: Float32Array;
  /** Area in cm² that each point stands for. */
  readonly pointCm2: Float32Array;
}

/** `voids` is 1 where nothing is; tissue brighter than `bright` next to it through a face makes the surface. Any orientation. */
export function cutSurface(
  { shape: [nx, ny, nz], affine, values }: Volume,
  { voids, bright }: { voids: Uint8Array; bright: number },
): CutSurface {
  const [dx, dy, dz] = spacingOf(affine);
  const areas = [dy * dz, dy * dz, dx * dz, dx * dz, dx * dy, dx * dy].map((mm2) => mm2 / 100);
  const strides = [-1, 1, -nx, nx, -nx * ny, nx * ny];
  const found: number[] = [];
  const foundCm2: number[] = [];
  let areaCm2 = 0;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (!(values[n] > bright)) continue;
        let cm2 = 0;
        if (i > 0 && voids[n + strides[0]] === 1) cm2 += areas[0];
        if (i < nx - 1 && voids[n + strides[1]] === 1) cm2 += areas[1];
        if (j > 0 && voids[n + strides[2]] === 1) cm2 += areas[2];
        if (j < ny - 1 && voids[n + strides[3]] === 1) cm2 += areas[3];
        if (k > 0 && voids[n + strides[4]] === 1) cm2 += areas[4];
        if (k < nz - 1 && voids[n + strides[5]] === 1) cm2 += areas[5];
        if (cm2 === 0) continue;
        areaCm2 += cm2;
        found.push(n);
        foundCm2.push(cm2);
      }
    }
  }
  const every = Math.max(1, Math.ceil(found.length / 4000));
  const count = Math.ceil(found.length / every);
  const points = new Float32Array(3 * count);
  const pointCm2 = new Float32Array(count);
  for (let p = 0; p < count; p++) {
    const n = found[p * every];
    const at = applyMatrix(affine, n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny)));
    points.set(at, 3 * p);
    for (let q = p * every; q < Math.min(found.length, (p + 1) * every); q++) pointCm2[p] += foundCm2[q];
  }
  return { areaCm2, points, pointCm2 };
}
