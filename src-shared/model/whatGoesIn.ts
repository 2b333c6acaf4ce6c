import { AppError } from '../api/appError.ts';
import { groupIndices } from '../stats/clusterBootstrap.ts';
import { seededRandom } from '../stats/random.ts';
import { checkFolds, type FoldQuality, stratifiedGroupFolds } from './groupFolds.ts';
import { columnOf } from './matrix.ts';
import type { StudyData } from './studyTable.ts';

/** Items of one tool, contrast or person. */
export interface GroupCount {
  readonly name: string;
  readonly items: number;
  readonly insufficient: number;
  readonly persons: number;
}

/** What an evaluation would learn from, for looking at before it is started. */
export interface WhatGoesIn {
  readonly items: number;
  readonly insufficient: number;
  readonly persons: number;
  readonly byTool: readonly GroupCount[];
  readonly byContrast: readonly GroupCount[];
  readonly byPerson: readonly GroupCount[];
  readonly features: readonly {
    readonly id: string;
    readonly version: number;
    /** Defacings without a value; filled by the median inside the folds. */
    readonly missing: number;
  }[];
  /** Defacings that stay out, by reason, most first. */
  readonly leftOut: readonly { readonly reason: string; readonly items: readonly string[] }[];
  readonly leftOutFeatures: readonly { readonly feature: string; readonly reason: string }[];
  /** The outer folds of the first repeat. */
  readonly folds: readonly FoldQuality[];
  /** Why no folds can be made; null where they can. */
  readonly impossible: { readonly code: string; readonly message: string } | null;
}

/** Counts of what goes in, and whether folds by person can be made of it. */
export function whatGoesIn(data: StudyData, split: { folds: number; seed: number }): WhatGoesIn {
  const { table, contrasts, leftOut, leftOutFeatures } = data;
  const count = (names: readonly string[]): GroupCount[] =>
    [...Map.groupBy(names.keys(), (i) => names[i])]
      .map(([name, rows]) => ({
        name,
        items: rows.length,
        insufficient: rows.reduce((sum, i) => sum + table.labels[i], 0),
        persons: new Set(rows.map((i) => table.persons[i])).size,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    items: table.itemIds.length,
    insufficient: table.labels.reduce((sum, label) => sum + label, 0),
    persons: new Set(table.persons).size,
    byTool: count(table.tools ?? []),
    byContrast: count(contrasts),
    byPerson: count(table.persons),
    features: table.features.map(({ id, version }, j) => ({
      id,
      version,
      missing: columnOf(table.x, j).filter((value) => Number.isNaN(value)).length,
    })),
    leftOut: [...Map.groupBy(leftOut, ({ reason }) => reason)]
      .map(([reason, rows]) => ({ reason, items: rows.map(({ item }) => item) }))
      .sort((a, b) => b.items.length - a.items.length),
    leftOutFeatures,
    ...splitOf(data, split),
  };
}

function splitOf(
  { table }: StudyData,
  { folds, seed }: { folds: number; seed: number },
): Pick<WhatGoesIn, 'folds' | 'impossible'> {
  if (table.itemIds.length === 0)
    return {
      folds: [],
      impossible: {
        code: 'table-unusable',
        message: 'No defacing has both features and a final label yet. Rate some, or import labels.',
      },
    };
  if (table.features.length === 0)
    return {
      folds: [],
      impossible: { code: 'table-unusable', message: 'None of the chosen features can tell anything here.' },
    };
  const { indices } = groupIndices(table.persons);
  try {
    const foldOf = stratifiedGroupFolds(table.labels, indices, folds, seededRandom(seed, 'outer 0'));
    return { folds: checkFolds(foldOf, table.labels, indices, folds), impossible: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { folds: [], impossible: { code: error.code, message: error.message } };
  }
}
