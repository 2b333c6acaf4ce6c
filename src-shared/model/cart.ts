import { DecisionTreeClassifier } from 'ml-cart';
import { checkFitInput, checkPredictInput, type ClassWeight, type FitInput, rowWeights } from './fitInput.ts';
import type { Matrix } from './matrix.ts';
import { emptyTrees, type TreeArrays } from './treeBuilder.ts';
import { sumOfTrees } from './treePredict.ts';

export interface CartSettings {
  /** Largest number of questions from the root to a leaf; 1 to 5 keeps it readable. */
  readonly maxDepth: number;
  /** Nodes of this many rows or fewer are not split. */
  readonly minSplitRows: number;
  readonly classWeight: ClassWeight;
}
export const cartDefaults: CartSettings = { maxDepth: 3, minSplitRows: 10, classWeight: 'none' };

export interface CartFitted {
  readonly kind: 'cart';
  readonly columns: number;
  readonly trees: TreeArrays;
}

/**
 * How often each row is repeated so that counts follow the weights: exact for whole-number weights, otherwise the
 * nearest by systematic sampling, at most about four copies a row.
 */
function copiesOf(weights: Float64Array): Int32Array {
  const n = weights.length;
  let sum = 0;
  let whole = true;
  for (const weight of weights) {
    sum += weight;
    whole &&= Number.isInteger(weight);
  }
  const scale = whole && sum <= 4 * n ? 1 : (4 * n) / sum;
  if (weights.every((weight) => weight === weights[0])) return new Int32Array(n).fill(1);
  let carried = 0.5;
  return Int32Array.from(weights, (weight) => {
    carried += weight * scale;
    const copies = Math.floor(carried);
    carried -= copies;
    return copies;
  });
}

/**
 * A shallow classification tree (Breiman et al. 1984) grown by ml-cart: the readable baseline, and the surrogate that
 * tells another model in a few lines. ml-cart knows no weights, so heavier rows are repeated for the choice of
 * questions; the share in each leaf is then counted with the exact weights. Errors: `model-input`.
 */
export function fitCart(input: FitInput, settings: CartSettings): CartFitted {
  checkFitInput(input);
  const { x, y } = input;
  const weights = rowWeights(input, settings.classWeight);
  const copies = copiesOf(weights);
  const rows: number[][] = [];
  const labels: number[] = [];
  for (let i = 0; i < x.rows; i++)
    for (let k = 0; k < copies[i]; k++) {
      rows.push([...x.values.subarray(i * x.columns, (i + 1) * x.columns)]);
      labels.push(y[i]);
    }
  const classifier = new DecisionTreeClassifier({
    gainFunction: 'gini',
    splitFunction: 'mean',
    maxDepth: settings.maxDepth,
    minNumSamples: settings.minSplitRows,
    gainThreshold: 0,
  });
  classifier.train(rows, labels);
  const trees = emptyTrees();
  const add = (node: typeof classifier.root, members: number[]): number => {
    const id = trees.feature.length;
    let total = 0;
    let positive = 0;
    for (const i of members) {
      total += weights[i];
      positive += weights[i] * y[i];
    }
    trees.feature.push(-1);
    trees.threshold.push(0);
    trees.left.push(-1);
    trees.right.push(-1);
    trees.value.push(total > 0 ? positive / total : 0.5);
    trees.cover.push(total);
    const { left, right, splitColumn, splitValue } = node;
    if (left === undefined || right === undefined || splitColumn === undefined || splitValue === undefined)
      return id;
    const goesLeft = (i: number): boolean => x.values[i * x.columns + splitColumn] < splitValue;
    trees.feature[id] = splitColumn;
    trees.threshold[id] = splitValue;
    trees.left[id] = add(left, members.filter(goesLeft));
    trees.right[id] = add(
      right,
      members.filter((i) => !goesLeft(i)),
    );
    return id;
  };
  trees.roots.push(
    add(
      classifier.root,
      Array.from({ length: x.rows }, (_, i) => i),
    ),
  );
  return { kind: 'cart', columns: x.columns, trees };
}

/** P(insufficient) of each row: the weighted share of insufficient training rows in its leaf. */
export function predictCart(fitted: CartFitted, x: Matrix): Float64Array {
  checkPredictInput(x, fitted.columns);
  return sumOfTrees(fitted.trees, x.values, x.rows, x.columns);
}

/** The tree as questions, one line a node, indented by depth. */
export function cartRules(fitted: CartFitted, featureNames: readonly string[]): string[] {
  const { feature, threshold, left, right, value, cover } = fitted.trees;
  const lines: string[] = [];
  const tell = (node: number, depth: number, lead: string): void => {
    const indent = '  '.repeat(depth);
    if (feature[node] < 0) {
      lines.push(
        `${indent}${lead}insufficient with ${(100 * value[node]).toFixed(0)} % (weight ${cover[node].toFixed(0)})`,
      );
      return;
    }
    const question = `${featureNames[feature[node]]} < ${Number(threshold[node].toPrecision(4))}`;
    lines.push(`${indent}${lead}${question}?`);
    tell(left[node], depth + 1, 'yes: ');
    tell(right[node], depth + 1, 'no: ');
  };
  tell(fitted.trees.roots[0], 0, '');
  return lines;
}
