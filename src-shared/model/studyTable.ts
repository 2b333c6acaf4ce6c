import type { FeatureValue } from '../domain/study.ts';
import { type LearningFeature, type LearningTable, methodBlock, withColumns } from './learningTable.ts';
import { columnOf } from './matrix.ts';

/** One defacing as the laboratory finds it in a study. */
export interface StudyItem {
  readonly defacingId: string;
  readonly person: string;
  readonly tool: string;
  /** BIDS suffix of the scan, e.g. T1w. */
  readonly contrast: string;
  readonly features: readonly FeatureValue[];
  /** 1 insufficient, 0 adequate; null where there is no final label, and `reason` says why. */
  readonly label: 0 | 1 | null;
  /** Why this item can not be learned from; null where it can. */
  readonly reason: string | null;
}

export interface FeatureChoice {
  /** Ids of measurements, in the order of the table's columns. */
  readonly features: readonly {
    readonly id: string;
    readonly version: number;
    /** Columns that make one thing together (one-hot) share a name. */
    readonly block?: string | null;
  }[];
  /** A flag for each tool. */
  readonly method: boolean;
}

/** What an evaluation learns from, and what it does not, with the reasons. */
export interface StudyData {
  readonly table: LearningTable;
  /** Contrast of every row. */
  readonly contrasts: readonly string[];
  readonly leftOut: readonly { readonly item: string; readonly reason: string }[];
  readonly leftOutFeatures: readonly { readonly feature: string; readonly reason: string }[];
}

const otherVersion = 'A feature was measured by another version of its definition; run the batch again.';
const notMeasured = 'Not measured yet.';

/**
 * The learning table of a study: rows are defacings with a final label, columns the chosen measurements and, if wanted,
 * `method_<tool>` flags. Missing values stay missing (NaN); they are filled inside the folds. Columns that can tell
 * nothing (empty or nearly so, constant, equal to another) are left out with the reason.
 */
export function studyTable(items: readonly StudyItem[], choice: FeatureChoice): StudyData {
  const leftOut: { item: string; reason: string }[] = [];
  const kept = items.filter((item) => {
    const reason = item.reason ?? reasonByFeatures(item, choice);
    if (reason === null && item.label !== null) return true;
    leftOut.push({ item: item.defacingId, reason: reason ?? 'No final label.' });
    return false;
  });
  const tools = [...new Set(kept.map(({ tool }) => tool))].sort();
  const flags = choice.method ? tools : [];
  const columns: LearningFeature[] = [
    ...choice.features.map(({ id, version, block = null }) => ({ id, version, block })),
    ...flags.map((tool) => ({ id: `method_${tool}`, version: 1, block: methodBlock })),
  ];
  const values = new Float64Array(kept.length * columns.length);
  for (const [i, item] of kept.entries()) {
    const known = new Map(item.features.map(({ feature, value }) => [feature, value]));
    for (const [j, { id }] of choice.features.entries())
      values[i * columns.length + j] = known.get(id) ?? Number.NaN;
    for (const [k, tool] of flags.entries())
      values[i * columns.length + choice.features.length + k] = item.tool === tool ? 1 : 0;
  }
  const whole: LearningTable = {
    itemIds: kept.map(({ defacingId }) => defacingId),
    features: columns,
    x: { rows: kept.length, columns: columns.length, values },
    labels: Uint8Array.from(kept, ({ label }) => label ?? 0),
    persons: kept.map(({ person }) => person),
    tools: kept.map(({ tool }) => tool),
  };
  const { table, leftOutFeatures } = withoutIdleColumns(whole);
  return { table, contrasts: kept.map(({ contrast }) => contrast), leftOut, leftOutFeatures };
}

function reasonByFeatures({ features }: StudyItem, choice: FeatureChoice): string | null {
  if (features.length === 0) return notMeasured;
  const stale = choice.features.some(({ id, version }) => {
    const found = features.find(({ feature }) => feature === id);
    return found !== undefined && found.version !== version;
  });
  return stale ? otherVersion : null;
}

/** Known for fewer persons than this share, a feature would be mostly its own median, and have no value at all in some folds. */
const leastShare = 1 / 3;

/** A table without columns that are empty, mostly empty, constant or equal to one before them, and which those were. */
function withoutIdleColumns(table: LearningTable): {
  table: LearningTable;
  leftOutFeatures: { feature: string; reason: string }[];
} {
  const leftOutFeatures: { feature: string; reason: string }[] = [];
  const seen = new Map<string, string>();
  const persons = new Set(table.persons).size;
  const keep: number[] = [];
  for (const [j, { id }] of table.features.entries()) {
    const column = columnOf(table.x, j);
    const known = new Set(column.filter((value) => !Number.isNaN(value)));
    const told = new Set(table.persons.filter((_, i) => !Number.isNaN(column[i]))).size;
    const text = column.join(' ');
    const twin = seen.get(text);
    const reason =
      known.size === 0
        ? 'It has no values.'
        : told < leastShare * persons
          ? `It has values for ${told} of ${persons} persons only, too few to fill the rest by.`
          : known.size === 1
            ? 'It is the same for every defacing and can tell nothing.'
            : twin === undefined
              ? null
              : `It holds the same values as ${twin}.`;
    if (reason === null) {
      keep.push(j);
      seen.set(text, id);
    } else leftOutFeatures.push({ feature: id, reason });
  }
  return { table: withColumns(table, keep), leftOutFeatures };
}
