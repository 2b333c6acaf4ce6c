import type { TreeArrays } from './treeBuilder.ts';

/** Mean output of a tree over its training rows. */
function expectedValue(trees: TreeArrays, node: number): number {
  if (trees.feature[node] < 0) return trees.value[node];
  const l = trees.left[node];
  const r = trees.right[node];
  const total = trees.cover[l] + trees.cover[r];
  return (trees.cover[l] * expectedValue(trees, l) + trees.cover[r] * expectedValue(trees, r)) / total;
}

interface PathStep {
  feature: number;
  /** Share of paths that flow on when the feature is unknown, and when it is known. */
  zero: number;
  one: number;
  weight: number;
}

function extend(path: PathStep[], zero: number, one: number, feature: number): PathStep[] {
  const out = path.map((step) => ({ ...step }));
  const l = out.length;
  out.push({ feature, zero, one, weight: l === 0 ? 1 : 0 });
  for (let i = l - 1; i >= 0; i--) {
    out[i + 1].weight += (one * out[i].weight * (i + 1)) / (l + 1);
    out[i].weight = (zero * out[i].weight * (l - i)) / (l + 1);
  }
  return out;
}

function unwind(path: PathStep[], index: number): PathStep[] {
  const out = path.map((step) => ({ ...step }));
  const l = out.length - 1;
  const { one, zero } = path[index];
  let next = out[l].weight;
  for (let j = l - 1; j >= 0; j--) {
    if (one !== 0) {
      const kept = out[j].weight;
      out[j].weight = (next * (l + 1)) / ((j + 1) * one);
      next = kept - (out[j].weight * zero * (l - j)) / (l + 1);
    } else out[j].weight = (out[j].weight * (l + 1)) / (zero * (l - j));
  }
  for (let j = index; j < l; j++) {
    out[j].feature = out[j + 1].feature;
    out[j].zero = out[j + 1].zero;
    out[j].one = out[j + 1].one;
  }
  out.pop();
  return out;
}

/**
 * Exact path-dependent SHAP values of the summed trees for one row: `base` plus all contributions is the sum of the
 * trees. Units are those of the leaf values. Source: Lundberg, Erion and Lee 2018, algorithm 2.
 */
export function treeShap(
  trees: TreeArrays,
  row: ArrayLike<number>,
): { base: number; contributions: Float64Array } {
  const contributions = new Float64Array(row.length);
  let base = 0;
  const walk = (node: number, before: PathStep[], zero: number, one: number, feature: number): void => {
    let path = extend(before, zero, one, feature);
    const split = trees.feature[node];
    if (split < 0) {
      for (let i = 1; i < path.length; i++) {
        let sum = 0;
        for (const step of unwind(path, i)) sum += step.weight;
        contributions[path[i].feature] += sum * (path[i].one - path[i].zero) * trees.value[node];
      }
      return;
    }
    const l = trees.left[node];
    const r = trees.right[node];
    const [hot, cold] = row[split] < trees.threshold[node] ? [l, r] : [r, l];
    let zeroHere = 1;
    let oneHere = 1;
    const known = path.findIndex((step) => step.feature === split);
    if (known >= 0) {
      zeroHere = path[known].zero;
      oneHere = path[known].one;
      path = unwind(path, known);
    }
    const total = trees.cover[l] + trees.cover[r];
    walk(hot, path, (zeroHere * trees.cover[hot]) / total, oneHere, split);
    walk(cold, path, (zeroHere * trees.cover[cold]) / total, 0, split);
  };
  for (const root of trees.roots) {
    base += expectedValue(trees, root);
    walk(root, [], 1, 1, -1);
  }
  return { base, contributions };
}
