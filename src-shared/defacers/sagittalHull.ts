import type { Mask } from '../volume/volume.ts';

/** A point of the sagittal plane of the world, mm: y to the front, z upwards. */
export type SagittalPoint = readonly [y: number, z: number];

/**
 * The lower convex hull of a mask seen from the side, from back to front: the mask's voxel centres in world millimetres
 * projected along left-right, so orientation, obliquity and spacing of the grid do not matter. Empty for an empty mask.
 */
export function lowerSagittalHull(mask: Mask): SagittalPoint[] {
  // A point behind or in front of another on the hull's upper side never matters, so equal y keeps the lowest z only.
  const points = rowEnds(mask).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const hull: SagittalPoint[] = [];
  for (const p of points) {
    if (hull.length > 0 && hull[hull.length - 1][0] === p[0]) continue;
    while (hull.length > 1 && !turnsLeft(hull[hull.length - 2], hull[hull.length - 1], p)) hull.pop();
    hull.push(p);
  }
  return hull;
}

const turnsLeft = (a: SagittalPoint, b: SagittalPoint, p: SagittalPoint): boolean =>
  (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0;

/** First and last set voxel of each stored row: all others lie between them, so they are never corners of the hull. */
function rowEnds({ shape: [nx, ny, nz], affine: m, bits }: Mask): SagittalPoint[] {
  const points: SagittalPoint[] = [];
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row += nx) {
      let first = 0;
      while (first < nx && bits[row + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (bits[row + last] === 0) last--;
      const y = m[5] * j + m[6] * k + m[7];
      const z = m[9] * j + m[10] * k + m[11];
      points.push([y + m[4] * first, z + m[8] * first]);
      if (last > first) points.push([y + m[4] * last, z + m[8] * last]);
    }
  }
  return points;
}
