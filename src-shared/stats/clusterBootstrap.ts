import { quantileSorted } from './quantile.ts';
import type { SeededRandom } from './random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Numbers groups 0, 1, ... in order of first appearance. */
export function groupIndices(groups: readonly string[]): { indices: Int32Array; count: number } {
  const known = new Map<string, number>();
  const indices = Int32Array.from(groups, (group) => {
    const index = known.get(group) ?? known.size;
    known.set(group, index);
    return index;
  });
  return { indices, count: known.size };
}

/**
 * Percentile intervals of statistics under resampling of whole persons with replacement (cluster bootstrap, Field and
 * Welsh 2007). `statistics` gets how often each item counts in a draw (its person's count) and writes its numbers into
 * `out`; NaN (undefined in that draw) is left out. Null for a statistic defined in fewer than half of the draws.
 */
export function clusterBootstrap(
  groups: readonly string[],
  statistics: (counts: Float64Array, out: Float64Array) => void,
  options: { draws: number; size: number; random: SeededRandom; level?: number },
): (Interval | null)[] {
  const { draws, size, random, level = 0.95 } = options;
  const { indices, count } = groupIndices(groups);
  const personCounts = new Float64Array(count);
  const itemCounts = new Float64Array(groups.length);
  const out = new Float64Array(size);
  const samples = Array.from({ length: size }, () => new Float64Array(draws));
  const used = new Int32Array(size);
  for (let draw = 0; draw < draws; draw++) {
    personCounts.fill(0);
    for (let k = 0; k < count; k++) personCounts[random.integer(count)]++;
    for (let i = 0; i < itemCounts.length; i++) itemCounts[i] = personCounts[indices[i]];
    out.fill(Number.NaN);
    statistics(itemCounts, out);
    for (let s = 0; s < size; s++) if (!Number.isNaN(out[s])) samples[s][used[s]++] = out[s];
  }
  return samples.map((values, s) => {
    if (used[s] < draws / 2) return null;
    const sorted = values.subarray(0, used[s]).sort();
    return {
      low: quantileSorted(sorted, (1 - level) / 2),
      high: quantileSorted(sorted, (1 + level) / 2),
    };
  });
}
