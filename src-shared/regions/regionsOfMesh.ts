import { byRegion, faceRegions, type ByRegion } from './faceRegion.ts';
import type { FaceSurface } from './faceSurface.ts';

/** Where a region lies, and which way it looks, world mm and a unit vector; for turning a camera to it. */
export interface RegionPlace {
  readonly centre: readonly [number, number, number];
  readonly outward: readonly [number, number, number];
}

/** A vertex this far from the skin of a face is not part of it, mm. */
const farthestMm = 4;

/**
 * For each vertex of another surface of the same head the nearest point of its skin, -1 for none within 4 mm. `positions`
 * has three numbers a vertex, world mm.
 */
export function nearestSkin(positions: Float32Array, { points }: FaceSurface): Int32Array {
  const cells = new Map<number, number[]>();
  const cellOf = (mm: number): number => Math.floor(mm / farthestMm) + 512;
  const key = (i: number, j: number, k: number): number => (i * 1024 + j) * 1024 + k;
  const p = points.positions;
  for (let n = 0; n < points.count; n++) {
    const at = key(cellOf(p[3 * n]), cellOf(p[3 * n + 1]), cellOf(p[3 * n + 2]));
    const cell = cells.get(at);
    if (cell === undefined) cells.set(at, [n]);
    else cell.push(n);
  }
  const found = new Int32Array(positions.length / 3).fill(-1);
  for (let v = 0; v < found.length; v++) {
    const [x, y, z] = [positions[3 * v], positions[3 * v + 1], positions[3 * v + 2]];
    const [ci, cj, ck] = [cellOf(x), cellOf(y), cellOf(z)];
    let nearest = farthestMm ** 2;
    for (let i = ci - 1; i <= ci + 1; i++)
      for (let j = cj - 1; j <= cj + 1; j++)
        for (let k = ck - 1; k <= ck + 1; k++)
          for (const n of cells.get(key(i, j, k)) ?? []) {
            const away = (p[3 * n] - x) ** 2 + (p[3 * n + 1] - y) ** 2 + (p[3 * n + 2] - z) ** 2;
            if (away > nearest) continue;
            nearest = away;
            found[v] = n;
          }
  }
  return found;
}

/** The middle of each region and where it faces, by area; null where a region could not be judged. */
export function regionPlaces({ points, regions, found }: FaceSurface): ByRegion<RegionPlace | null> {
  const sums = faceRegions.map(() => new Float64Array(7));
  for (let n = 0; n < points.count; n++) {
    if (regions[n] === 0) continue;
    const sum = sums[regions[n] - 1];
    const area = points.areas[n];
    for (let axis = 0; axis < 3; axis++) {
      sum[axis] += area * points.positions[3 * n + axis];
      sum[3 + axis] += area * points.normals[3 * n + axis];
    }
    sum[6] += area;
  }
  return byRegion((region, r) => {
    const [x, y, z, nx, ny, nz, area] = sums[r];
    const long = Math.hypot(nx, ny, nz);
    if (found[region].areaMm2 === null || area === 0 || long === 0) return null;
    return { centre: [x / area, y / area, z / area], outward: [nx / long, ny / long, nz / long] };
  });
}
