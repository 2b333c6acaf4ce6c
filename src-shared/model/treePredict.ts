import type { TreeArrays } from './treeBuilder.ts';

/** Value of the leaf that a row falls into. `values` is row-major; the row starts at `at`. */
export function leafValue(trees: TreeArrays, root: number, values: Float64Array, at: number): number {
  const { feature, threshold, left, right } = trees;
  let node = root;
  let f = feature[node];
  while (f >= 0) {
    node = values[at + f] < threshold[node] ? left[node] : right[node];
    f = feature[node];
  }
  return trees.value[node];
}

/** Sum over all trees for each row of a row-major table, tree by tree so that each stays in the cache. */
export function sumOfTrees(
  trees: TreeArrays,
  values: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows);
  for (const root of trees.roots)
    for (let i = 0; i < rows; i++) out[i] += leafValue(trees, root, values, i * columns);
  return out;
}
