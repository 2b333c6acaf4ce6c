import type { Matrix } from '../model/matrix.ts';
import { seededRandom, type SeededRandom } from '../stats/random.ts';

const trees = 200;
const mostSamples = 256;

/**
 * How easily each row is set apart by random cuts, 0 to 1: about 0.5 for ordinary rows, near 1 for odd ones (isolation
 * forest: Liu, Ting and Zhou 2008). The same seed gives the same scores.
 */
export function isolationForest(x: Matrix, seed: number): Float64Array {
  const random = seededRandom(seed, 'isolation forest');
  const size = Math.min(mostSamples, x.rows);
  const deepest = Math.ceil(Math.log2(Math.max(2, size)));
  const depths = new Float64Array(x.rows);
  for (let tree = 0; tree < trees; tree++) {
    const root = grow(x, sample(x.rows, size, random), 0, deepest, random);
    for (let r = 0; r < x.rows; r++) depths[r] += pathLength(root, x, r);
  }
  const usual = averagePath(size);
  return depths.map((sum) => (usual === 0 ? 0.5 : 2 ** (-sum / trees / usual)));
}

type Node =
  | { readonly size: number; readonly depth: number }
  | { readonly column: number; readonly cut: number; readonly low: Node; readonly high: Node };

function sample(rows: number, size: number, random: SeededRandom): number[] {
  const all = Array.from({ length: rows }, (_, r) => r);
  for (let n = 0; n < size; n++) {
    const other = n + random.integer(rows - n);
    [all[n], all[other]] = [all[other], all[n]];
  }
  return all.slice(0, size);
}

function grow(
  x: Matrix,
  rows: readonly number[],
  depth: number,
  deepest: number,
  random: SeededRandom,
): Node {
  if (rows.length <= 1 || depth >= deepest) return { size: rows.length, depth };
  const spread: { column: number; low: number; high: number }[] = [];
  for (let column = 0; column < x.columns; column++) {
    let [low, high] = [Infinity, -Infinity];
    for (const r of rows) {
      const value = x.values[r * x.columns + column];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (high > low) spread.push({ column, low, high });
  }
  if (spread.length === 0) return { size: rows.length, depth };
  const { column, low, high } = spread[random.integer(spread.length)];
  const cut = random.uniform(low, high);
  const below = rows.filter((r) => x.values[r * x.columns + column] <= cut);
  const above = rows.filter((r) => x.values[r * x.columns + column] > cut);
  return {
    column,
    cut,
    low: grow(x, below, depth + 1, deepest, random),
    high: grow(x, above, depth + 1, deepest, random),
  };
}

function pathLength(node: Node, x: Matrix, row: number): number {
  let at = node;
  while ('column' in at) at = x.values[row * x.columns + at.column] <= at.cut ? at.low : at.high;
  return at.depth + averagePath(at.size);
}

/** Mean depth of an unsuccessful search in a binary tree of n leaves. */
function averagePath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}
