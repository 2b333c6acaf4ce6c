import { seededRandom } from '../stats/random.ts';
import { absoluteSpearman, averageLinkage, cutTree } from './clustering.ts';
import type { SelectionSettings } from './evaluationSettings.ts';
import { blocksOf, type LearningFeature } from './learningTable.ts';
import { type Matrix, takeColumns } from './matrix.ts';
import { permutationImportance } from './permutationImportance.ts';

/** How a model is tried on inner folds with some of the columns; scores the held-out rows. */
export interface InnerFold {
  /** Ready training part and fitted-on-training test part, all columns. */
  readonly train: { readonly x: Matrix; readonly y: Uint8Array };
  readonly test: { readonly x: Matrix; readonly y: Uint8Array };
  /** A model fitted on the named columns of the training part. */
  fit(columns: readonly number[]): (x: Matrix) => Float64Array;
}

export interface SelectionResult {
  readonly columns: readonly number[];
  /** Mean fall of AUROC when the column's block is shuffled, one entry a column of the table. */
  readonly importance: readonly number[];
  /** Cluster of each column. */
  readonly clusters: readonly number[];
  /** Sets tried from the largest to the smallest with their mean inner AUROC. */
  readonly path: readonly { readonly columns: readonly number[]; readonly auroc: number }[];
}

/**
 * Features chosen on training rows alone: permutation importance averaged over inner folds; average-linkage clusters of
 * Spearman correlations, of which the most important member stays; then the least important block is dropped again and
 * again, and the smallest set within the tolerance of the best inner AUROC is taken. Blocks stay or go as one.
 */
export function selectFeatures(
  x: Matrix,
  features: readonly LearningFeature[],
  folds: readonly InnerFold[],
  aurocOf: (columns: readonly number[]) => number,
  settings: SelectionSettings,
  seed: number,
): SelectionResult {
  const blocks = blocksOf(features);
  const all = features.map((_, j) => j);
  const blockImportance = new Float64Array(blocks.length);
  for (const [k, fold] of folds.entries()) {
    const falls = permutationImportance(fold.fit(all), fold.test.x, fold.test.y, blocks, {
      repeats: settings.permutations,
      random: seededRandom(seed, `permutation ${k}`),
    });
    for (let b = 0; b < blocks.length; b++) blockImportance[b] += falls[b] / folds.length;
  }
  const single = blocks.map((_, b) => b).filter((b) => features[blocks[b][0]].block === null);
  const singleColumns = single.map((b) => blocks[b][0]);
  const correlation = absoluteSpearman(takeColumns(x, singleColumns));
  const merges = averageLinkage(
    correlation.map((rho) => 1 - rho),
    single.length,
  );
  const cut = cutTree(merges, single.length, 1 - settings.clusterCorrelation + 1e-12);
  const clusters = new Int32Array(features.length);
  for (const [k, column] of singleColumns.entries()) clusters[column] = cut[k];
  let next = single.length;
  for (const [b, block] of blocks.entries())
    if (!single.includes(b)) {
      for (const column of block) clusters[column] = next;
      next++;
    }
  const byImportance = blocks
    .map((_, b) => b)
    .sort((a, b) => blockImportance[b] - blockImportance[a] || a - b);
  const seen = new Set<number>();
  const kept = byImportance.filter((b) => {
    const cluster = clusters[blocks[b][0]];
    if (seen.has(cluster)) return false;
    seen.add(cluster);
    return true;
  });
  const path: { columns: number[]; auroc: number }[] = [];
  for (let size = kept.length; size >= 1; size--) {
    const columns = kept
      .slice(0, size)
      .flatMap((b) => blocks[b])
      .sort((a, b) => a - b);
    path.push({ columns, auroc: aurocOf(columns) });
  }
  const best = Math.max(...path.map((entry) => entry.auroc));
  const chosen = path.findLast((entry) => entry.auroc >= best - settings.tolerance) ?? path[0];
  const importance = new Float64Array(features.length);
  for (const [b, block] of blocks.entries())
    for (const column of block) importance[column] = blockImportance[b];
  return { columns: chosen.columns, importance: [...importance], clusters: [...clusters], path };
}
