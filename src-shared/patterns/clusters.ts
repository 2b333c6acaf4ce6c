import { averageLinkage, type Merge } from '../model/clustering.ts';
import type { Matrix } from '../model/matrix.ts';

export interface Clusters {
  /** Cluster of each row, from 0, the largest first. */
  readonly of: Uint16Array;
  /** The row of each cluster with the least sum of distances to the others: its typical example. */
  readonly medoids: readonly number[];
  /** Mean silhouette, -1 to 1: how well apart they are. */
  readonly silhouette: number;
}

/** More rows than this cost too much time and memory at once. */
export const mostRows = 2000;
const mostClusters = 8;

/**
 * Groups of rows by average linkage of Euclidean distances, in the number (2 to 8) whose mean silhouette (Rousseeuw 1987)
 * is largest. Fewer than four rows are one cluster. Throws RangeError above `mostRows`.
 */
export function clusters(x: Matrix): Clusters {
  const n = x.rows;
  if (n > mostRows) throw new RangeError(`At most ${mostRows} rows.`);
  const distances = distancesOf(x);
  if (n < 4) return finish(new Uint16Array(n), distances, 0);
  const merges = averageLinkage(distances, n);
  let best: { of: Uint16Array; silhouette: number } | null = null;
  for (let count = 2; count <= Math.min(mostClusters, n - 1); count++) {
    const of = cutAt(merges, n, count);
    const silhouette = silhouetteOf(of, distances, count);
    if (best === null || silhouette > best.silhouette + 1e-9) best = { of, silhouette };
  }
  return finish(best?.of ?? new Uint16Array(n), distances, best?.silhouette ?? 0);
}

function distancesOf({ rows, columns, values }: Matrix): Float64Array {
  const out = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += (values[a * columns + c] - values[b * columns + c]) ** 2;
      out[a * rows + b] = out[b * rows + a] = Math.sqrt(sum);
    }
  }
  return out;
}

/** The clusters that are left before the last `count` - 1 merges. */
function cutAt(merges: readonly Merge[], n: number, count: number): Uint16Array {
  const parent = Int32Array.from({ length: n + merges.length }, (_, i) => i);
  merges.slice(0, n - count).forEach(({ a, b }, step) => {
    parent[a] = n + step;
    parent[b] = n + step;
  });
  const names = new Map<number, number>();
  return Uint16Array.from({ length: n }, (_, row) => {
    let at = row;
    while (parent[at] !== at) at = parent[at];
    const name = names.get(at) ?? names.size;
    names.set(at, name);
    return name;
  });
}

function silhouetteOf(of: Uint16Array, distances: Float64Array, count: number): number {
  const n = of.length;
  const sizes = new Float64Array(count);
  for (const cluster of of) sizes[cluster]++;
  let total = 0;
  for (let a = 0; a < n; a++) {
    if (sizes[of[a]] < 2) continue;
    const sums = new Float64Array(count);
    for (let b = 0; b < n; b++) sums[of[b]] += distances[a * n + b];
    const own = sums[of[a]] / (sizes[of[a]] - 1);
    let nearest = Infinity;
    for (let c = 0; c < count; c++)
      if (c !== of[a] && sizes[c] > 0) nearest = Math.min(nearest, sums[c] / sizes[c]);
    total += (nearest - own) / Math.max(nearest, own, 1e-12);
  }
  return total / n;
}

/** Largest cluster first, each with its typical example. */
function finish(of: Uint16Array, distances: Float64Array, silhouette: number): Clusters {
  const n = of.length;
  const count = n === 0 ? 0 : Math.max(...of) + 1;
  const members = Array.from({ length: count }, (_, c) => Array.from(of.keys()).filter((r) => of[r] === c));
  const order = members
    .map((_, c) => c)
    .sort((a, b) => members[b].length - members[a].length || members[a][0] - members[b][0]);
  const medoids = order.map((cluster) => {
    const rows = members[cluster];
    const sums = rows.map((a) => rows.reduce((sum, b) => sum + distances[a * n + b], 0));
    return rows[sums.indexOf(Math.min(...sums))];
  });
  return { of: of.map((cluster) => order.indexOf(cluster)), medoids, silhouette };
}
