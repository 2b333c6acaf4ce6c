import { scaleLinear } from 'd3-scale';
import type { Merge } from '../../src-shared/model/clustering.ts';

export interface Correlation {
  readonly features: readonly string[];
  /** |Spearman|, row after row, in the order of `features`. */
  readonly values: readonly number[];
  readonly merges: readonly Merge[];
  /** Leaves from left to right. */
  readonly order: readonly number[];
}

/** A dendrogram over a heat map whose rows and columns are in its order (the paper's Figure 6). */
export function dendrogramLayout({ features, values, merges, order }: Correlation) {
  const n = features.length;
  const cell = Math.max(16, Math.min(34, Math.floor(460 / Math.max(1, n))));
  const left = 240;
  const treeTop = 14;
  const treeFloor = 130;
  const mapTop = treeFloor + 8;
  const side = n * cell;
  const highest = Math.max(0.05, ...merges.map(({ height }) => height));
  const y = scaleLinear([0, highest], [treeFloor, treeTop]).nice(4);
  const place = new Float64Array(2 * n);
  const level = new Float64Array(2 * n);
  for (const [at, leaf] of order.entries()) place[leaf] = left + (at + 0.5) * cell;
  const branches = merges.map(({ a, b, height }, i) => {
    place[n + i] = (place[a] + place[b]) / 2;
    level[n + i] = height;
    const path = `M${place[a]} ${y(level[a])}V${y(height)}H${place[b]}V${y(level[b])}`;
    return { path, height };
  });
  return {
    width: left + side + 16,
    height: mapTop + side + 190,
    ...{ left, cell, mapTop, treeFloor },
    ticks: y.ticks(4).map((value) => ({ value, y: y(value) })),
    branches,
    rows: order.map((leaf, at) => ({ id: features[leaf], y: mapTop + (at + 0.5) * cell })),
    columns: order.map((leaf, at) => ({ id: features[leaf], x: left + (at + 0.5) * cell })),
    floor: mapTop + side,
    cells: order.flatMap((a, i) =>
      order.map((b, j) => ({
        ...{ a: features[a], b: features[b], value: values[a * n + b] },
        ...{ x: left + j * cell, y: mapTop + i * cell },
      })),
    ),
  };
}
