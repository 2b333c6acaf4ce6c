import { AppError } from '../api/appError.ts';
import { takeColumns, type Matrix } from './matrix.ts';

export interface LearningFeature {
  readonly id: string;
  /** Version of the measurement; a model refuses features of another version. */
  readonly version: number;
  /** Columns that make one thing together (the one-hot columns of `method`) share this name; null: on its own. */
  readonly block: string | null;
}

/** One row a defacing: features, label 1 insufficient / 0 adequate, the person, and the tool if known. */
export interface LearningTable {
  readonly itemIds: readonly string[];
  readonly features: readonly LearningFeature[];
  /** Missing values are NaN. */
  readonly x: Matrix;
  readonly labels: Uint8Array;
  readonly persons: readonly string[];
  readonly tools: readonly string[] | null;
}

/** Name of the block of one-hot tool columns. */
export const methodBlock = 'method';

/** Columns grouped by block, in order of first appearance. */
export function blocksOf(features: readonly LearningFeature[]): number[][] {
  const blocks = new Map<string, number[]>();
  for (const [j, feature] of features.entries()) {
    const name = feature.block === null ? `feature ${feature.id}` : `block ${feature.block}`;
    const block = blocks.get(name);
    if (block === undefined) blocks.set(name, [j]);
    else block.push(j);
  }
  return [...blocks.values()];
}

/** The table with these columns only, in the order given. */
export const withColumns = (table: LearningTable, columns: readonly number[]): LearningTable => ({
  ...table,
  features: columns.map((j) => table.features[j]),
  x: takeColumns(table.x, columns),
});

/** The table without the flags of tools. */
export const withoutMethod = (table: LearningTable): LearningTable =>
  withColumns(
    table,
    [...table.features.keys()].filter((j) => table.features[j].block !== methodBlock),
  );

/** Adds one-hot columns `method_<tool>` for the table's tools, one for each tool, as the paper does. */
export function withMethodFlags(table: LearningTable): LearningTable {
  if (table.tools === null) return table;
  const { tools, x } = table;
  const names = [...new Set(tools)].sort();
  const columns = x.columns + names.length;
  const values = new Float64Array(x.rows * columns);
  for (let i = 0; i < x.rows; i++) {
    values.set(x.values.subarray(i * x.columns, (i + 1) * x.columns), i * columns);
    values[i * columns + x.columns + names.indexOf(tools[i])] = 1;
  }
  return {
    ...table,
    features: [
      ...table.features,
      ...names.map((name) => ({ id: `method_${name}`, version: 1, block: methodBlock })),
    ],
    x: { rows: x.rows, columns, values },
  };
}

/**
 * Refuses a table that cannot be learned from: AppError `table-unusable` for infinite values, constant, empty or
 * duplicate columns, labels that are not 0 or 1, and names that occur twice.
 */
export function checkLearningTable({ itemIds, features, x, labels, persons, tools }: LearningTable): void {
  const refuse = (sentence: string, facts: Record<string, unknown> = {}): never => {
    throw new AppError('table-unusable', sentence, facts);
  };
  if (x.rows === 0) refuse('The table has no rows.');
  if (features.length === 0) refuse('The table has no features.');
  if (features.length !== x.columns || x.values.length !== x.rows * x.columns)
    refuse('The table of features is not rectangular.');
  for (const list of [itemIds, labels, persons, tools])
    if (list !== null && list.length !== x.rows)
      refuse('Items, labels, persons and tools need one entry for each row.');
  if (new Set(itemIds).size !== itemIds.length) refuse('An item is in the table twice.');
  const ids = features.map((feature) => feature.id);
  const twice = ids.filter((id, j) => ids.indexOf(id) !== j);
  if (twice.length > 0) refuse(`The feature ${twice[0]} is in the table twice.`, { features: twice });
  for (const label of labels) if (label > 1) refuse('A label is neither 0 nor 1.');
  const columns: string[] = [];
  for (let j = 0; j < x.columns; j++) {
    const parts: number[] = [];
    const known = new Set<number>();
    for (let i = 0; i < x.rows; i++) {
      const value = x.values[i * x.columns + j];
      if (value === Infinity || value === -Infinity)
        refuse(
          `The feature ${ids[j]} is infinite in row ${i + 1}; leave that row out or leave the value empty.`,
          {
            feature: ids[j],
            row: i + 1,
          },
        );
      parts.push(value);
      if (!Number.isNaN(value)) known.add(value);
    }
    if (known.size === 0) refuse(`The feature ${ids[j]} has no values.`, { feature: ids[j] });
    if (known.size === 1)
      refuse(`The feature ${ids[j]} is the same in every row and can tell nothing; leave it out.`, {
        feature: ids[j],
      });
    const text = parts.join(' ');
    // Two tools give two flags that mirror each other; only equal columns are refused.
    const same = columns.indexOf(text);
    if (same >= 0)
      refuse(`The features ${ids[same]} and ${ids[j]} hold the same values; leave one of them out.`, {
        features: [ids[same], ids[j]],
      });
    columns.push(text);
  }
}
