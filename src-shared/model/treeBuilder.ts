import type { SeededRandom } from '../stats/random.ts';
import type { Matrix } from './matrix.ts';

/** Features as columns, and the rows of each column in ascending order of value. */
export interface PresortedColumns {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
  readonly order: readonly Int32Array[];
}

/** Sorts every column once; equal values keep the order of their rows. */
export function presort(x: Matrix): PresortedColumns {
  const columns: Float64Array[] = [];
  const order: Int32Array[] = [];
  for (let j = 0; j < x.columns; j++) {
    const column = new Float64Array(x.rows);
    for (let i = 0; i < x.rows; i++) column[i] = x.values[i * x.columns + j];
    columns.push(column);
    order.push(
      Int32Array.from({ length: x.rows }, (_, i) => i).sort((a, b) => column[a] - column[b] || a - b),
    );
  }
  return { rows: x.rows, columns, order };
}

/** Trees one after the other in flat arrays. A row goes left where its value < threshold; feature -1 marks a leaf. */
export interface TreeArrays {
  readonly roots: number[];
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
  readonly value: number[];
  /** Sum of second-order weights of the training rows in the node. */
  readonly cover: number[];
}

export const emptyTrees = (): TreeArrays => ({
  roots: [],
  feature: [],
  threshold: [],
  left: [],
  right: [],
  value: [],
  cover: [],
});

export interface GrowSettings {
  /** Largest number of splits from the root to a leaf. */
  readonly maxDepth: number;
  /** L2 penalty on leaf values. */
  readonly lambda: number;
  /** Splits below this gain are pruned from the leaves up, as XGBoost does. */
  readonly gamma: number;
  /** Smallest sum of second-order weights in a child. */
  readonly minChildWeight: number;
  /** Smallest number of rows in a child. */
  readonly minLeafRows: number;
  /** A split needs a gain above this. */
  readonly requiredGain: number;
  /** Leaf values are multiplied by this. */
  readonly shrinkage: number;
  /** Features considered at each split, drawn without replacement; constant ones do not count. */
  readonly featuresPerSplit: number;
  /** Nodes whose labels agree are not split (for Gini, where g = -w y and h = w). */
  readonly stopWhenPure: boolean;
}

/**
 * Grows one second-order tree by exact greedy search and appends it to `trees`. Row i has gradient g[i] and second-order
 * weight h[i]; rows with h = 0 are left out. Leaf value -G / (H + lambda), gain
 * GL^2 / (HL + lambda) + GR^2 / (HR + lambda) - G^2 / (H + lambda) (Chen and Guestrin 2016, equations 5 and 7, without the
 * factor one half, as the program has it). With g = -w y, h = w and lambda = 0 the same search maximises the Gini gain
 * and leaves hold the weighted class share (Breiman et al. 1984). `leafValues`, if given, receives each row's value.
 */
export function createTreeBuilder(
  data: PresortedColumns,
): (
  trees: TreeArrays,
  g: Float64Array,
  h: Float64Array,
  features: Int32Array,
  settings: GrowSettings,
  random: SeededRandom | null,
  leafValues?: Float64Array,
) => void {
  const { rows, columns } = data;
  const work = data.order.map(() => new Int32Array(rows));
  const scratch = new Int32Array(rows);
  const goesLeft = new Uint8Array(rows);
  const drawn = new Int32Array(columns.length);

  return (trees, g, h, features, settings, random, leafValues) => {
    const { maxDepth, lambda, gamma, minChildWeight, minLeafRows, requiredGain, shrinkage } = settings;
    const { feature, threshold, left, right, value, cover } = trees;
    const width = features.length;
    let used = 0;
    for (let k = 0; k < width; k++) {
      const from = data.order[features[k]];
      const to = work[features[k]];
      used = 0;
      for (let i = 0; i < rows; i++) {
        const row = from[i];
        if (h[row] > 0) to[used++] = row;
      }
    }
    const gains: number[] = [];
    const first = feature.length;
    const addNode = (): number => {
      feature.push(-1);
      threshold.push(0);
      left.push(-1);
      right.push(-1);
      value.push(0);
      cover.push(0);
      gains.push(0);
      return feature.length - 1;
    };

    const grow = (node: number, start: number, end: number, depth: number): void => {
      const anyOrder = work[features[0]];
      let sumG = 0;
      let sumH = 0;
      for (let k = start; k < end; k++) {
        sumG += g[anyOrder[k]];
        sumH += h[anyOrder[k]];
      }
      cover[node] = sumH;
      const leaf = sumH + lambda > 0 && sumH >= minChildWeight ? (-sumG / (sumH + lambda)) * shrinkage : 0;
      value[node] = leaf;
      const makeLeaf = (): void => {
        if (leafValues !== undefined) for (let k = start; k < end; k++) leafValues[anyOrder[k]] = leaf;
      };
      const pure = settings.stopWhenPure && (-sumG <= 1e-12 * sumH || sumH + sumG <= 1e-12 * sumH);
      if (depth >= maxDepth || end - start < 2 * minLeafRows || pure) {
        makeLeaf();
        return;
      }
      const parentScore = (sumG * sumG) / (sumH + lambda);
      let bestGain = requiredGain;
      let bestFeature = -1;
      let bestThreshold = 0;
      let bestLeft = 0;
      const sample = settings.featuresPerSplit < width && random !== null;
      if (sample) drawn.set(features);
      let tried = 0;
      for (let k = 0; k < width && tried < settings.featuresPerSplit; k++) {
        let f = features[k];
        if (sample) {
          const pick = k + random.integer(width - k);
          f = drawn[pick];
          drawn[pick] = drawn[k];
        }
        const column = columns[f];
        const order = work[f];
        if (column[order[start]] === column[order[end - 1]]) continue;
        tried++;
        // From the largest value down, as XGBoost walks a column without missing values; equal gains fall the same way.
        let rightG = 0;
        let rightH = 0;
        let above = column[order[end - 1]];
        const stop = start + minLeafRows - 1;
        for (let at = end - 1; at > stop; at--) {
          const row = order[at];
          rightG += g[row];
          rightH += h[row];
          const below = column[order[at - 1]];
          if (below === above) continue;
          const upper = above;
          above = below;
          if (end - at < minLeafRows || rightH < minChildWeight) continue;
          const leftH = sumH - rightH;
          if (leftH < minChildWeight) break;
          const leftG = sumG - rightG;
          // In single precision, as XGBoost compares gains: splits that part the rows alike are then equal for every column.
          const gain = Math.fround(
            (leftG * leftG) / (leftH + lambda) + (rightG * rightG) / (rightH + lambda) - parentScore,
          );
          if (gain > bestGain) {
            bestGain = gain;
            bestFeature = f;
            const middle = below + (upper - below) / 2;
            bestThreshold = middle > below ? middle : upper;
            bestLeft = at - start;
          }
        }
      }
      if (bestFeature < 0) {
        makeLeaf();
        return;
      }
      const bestOrder = work[bestFeature];
      const middle = start + bestLeft;
      for (let k = start; k < middle; k++) goesLeft[bestOrder[k]] = 1;
      for (let k = middle; k < end; k++) goesLeft[bestOrder[k]] = 0;
      // Children that cannot split again are read through one column only.
      const needed = depth + 1 < maxDepth ? width : 1;
      for (let k = 0; k < needed; k++) {
        if (features[k] === bestFeature) continue;
        const order = work[features[k]];
        let l = start;
        let r = 0;
        for (let i = start; i < end; i++) {
          const row = order[i];
          const toLeft = goesLeft[row];
          order[l] = row;
          scratch[r] = row;
          l += toLeft;
          r += 1 - toLeft;
        }
        for (let i = 0; i < r; i++) order[l + i] = scratch[i];
      }
      feature[node] = bestFeature;
      threshold[node] = bestThreshold;
      gains[node - first] = bestGain;
      const l = addNode();
      left[node] = l;
      grow(l, start, middle, depth + 1);
      const r = addNode();
      right[node] = r;
      grow(r, middle, end, depth + 1);
      if (gamma > 0 && feature[l] < 0 && feature[r] < 0 && bestGain < gamma) {
        feature[node] = -1;
        left[node] = right[node] = -1;
        threshold[node] = 0;
        makeLeaf();
      }
    };

    trees.roots.push(addNode());
    grow(first, 0, used, 0);
  };
}
