import { spearman } from '../stats/ranks.ts';
import { columnOf, type Matrix } from './matrix.ts';

/** One merge: clusters a < b become cluster n + its position in the list, at `height`. Leaves are clusters 0 to n - 1. */
export interface Merge {
  readonly a: number;
  readonly b: number;
  readonly height: number;
  readonly size: number;
}

/** |Spearman| of every two columns, row after row; a constant column is unrelated to all others (0) and equal to itself (1). */
export function absoluteSpearman(x: Matrix): Float64Array {
  const p = x.columns;
  const columns = Array.from({ length: p }, (_, j) => columnOf(x, j));
  const out = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    out[a * p + a] = 1;
    for (let b = 0; b < a; b++) {
      const rho = Math.abs(spearman(columns[a], columns[b]));
      out[a * p + b] = out[b * p + a] = Number.isNaN(rho) ? 0 : rho;
    }
  }
  return out;
}

/** Agglomerative clustering with average linkage (Sokal and Michener 1958) of an n x n distance matrix; merges by rising height. */
export function averageLinkage(distances: Float64Array, n: number): Merge[] {
  const d = distances.slice();
  const id = Array.from({ length: n }, (_, i) => i);
  const size = new Float64Array(n).fill(1);
  const alive = new Uint8Array(n).fill(1);
  const merges: Merge[] = [];
  for (let step = 0; step < n - 1; step++) {
    let bestA = -1;
    let bestB = -1;
    let best = Infinity;
    for (let a = 0; a < n; a++) {
      if (alive[a] === 0) continue;
      for (let b = a + 1; b < n; b++)
        if (alive[b] === 1 && d[a * n + b] < best) {
          best = d[a * n + b];
          bestA = a;
          bestB = b;
        }
    }
    const total = size[bestA] + size[bestB];
    for (let c = 0; c < n; c++) {
      if (alive[c] === 0 || c === bestA || c === bestB) continue;
      const mean = (size[bestA] * d[bestA * n + c] + size[bestB] * d[bestB * n + c]) / total;
      d[bestA * n + c] = d[c * n + bestA] = mean;
    }
    merges.push({
      a: Math.min(id[bestA], id[bestB]),
      b: Math.max(id[bestA], id[bestB]),
      height: best,
      size: total,
    });
    alive[bestB] = 0;
    size[bestA] = total;
    id[bestA] = n + step;
  }
  return merges;
}

/** Cluster number of each leaf when the tree is cut at `height`: merges at or below it are kept. Numbered by first leaf. */
export function cutTree(merges: readonly Merge[], n: number, height: number): Int32Array {
  const parent = Int32Array.from({ length: 2 * n }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at];
    return at;
  };
  for (const [step, merge] of merges.entries())
    if (merge.height <= height) {
      parent[root(merge.a)] = n + step;
      parent[root(merge.b)] = n + step;
    }
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: n }, (_, i) => {
    const cluster = root(i);
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
}

/** Leaves from left to right as a dendrogram draws them. */
export function leafOrder(merges: readonly Merge[], n: number): number[] {
  const walk = (cluster: number): number[] =>
    cluster < n ? [cluster] : [...walk(merges[cluster - n].a), ...walk(merges[cluster - n].b)];
  return n === 1 ? [0] : walk(2 * n - 2);
}
