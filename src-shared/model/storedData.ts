import type { LearningFeature } from './learningTable.ts';
import type { StudyData } from './studyTable.ts';

/** A study's learning table as JSON: missing values are null. */
export interface StoredData {
  readonly itemIds: readonly string[];
  readonly features: readonly LearningFeature[];
  /** Row after row. */
  readonly values: readonly (number | null)[];
  readonly labels: readonly number[];
  readonly persons: readonly string[];
  readonly tools: readonly string[];
  readonly contrasts: readonly string[];
  readonly leftOut: StudyData['leftOut'];
  readonly leftOutFeatures: StudyData['leftOutFeatures'];
}

export function storeData({ table, contrasts, leftOut, leftOutFeatures }: StudyData): StoredData {
  return {
    itemIds: table.itemIds,
    features: table.features,
    values: Array.from(table.x.values, (value) => (Number.isNaN(value) ? null : value)),
    labels: [...table.labels],
    persons: table.persons,
    tools: table.tools ?? [],
    contrasts,
    leftOut,
    leftOutFeatures,
  };
}

export function restoreData(stored: StoredData): StudyData {
  const { itemIds, features, values, labels, persons, tools, contrasts, leftOut, leftOutFeatures } = stored;
  return {
    table: {
      itemIds,
      features,
      x: {
        rows: itemIds.length,
        columns: features.length,
        values: Float64Array.from(values, (value) => value ?? Number.NaN),
      },
      labels: Uint8Array.from(labels),
      persons,
      tools,
    },
    contrasts,
    leftOut,
    leftOutFeatures,
  };
}
