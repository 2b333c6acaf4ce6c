import { methodBlock, type LearningFeature, type LearningTable } from '../model/learningTable.ts';
import type { Criterion } from '../rating/verdict.ts';
import type { BenchmarkPlan } from './benchmarkPlan.ts';
import { labelOfTruth, type FeatureNumbers, type MeasuredItem } from './measuredItem.ts';
import { mechanismIds } from './mechanisms.ts';
import type { CutPoints } from './regionTruth.ts';

/** What a model may see. */
export interface FeatureSet {
  readonly id: string;
  readonly title: string;
  /** Ids of measurements; null: all there are. The method flags are added. */
  readonly features: readonly string[] | null;
}

export const featureSets = [
  {
    id: 'paper-8',
    title: "The paper's eight features",
    features: ['fsim_library', 'ssim', 'head_loss_pct', 'brain_loss_pct'],
  },
  { id: 'everything', title: 'Everything that is measured', features: null },
] as const satisfies readonly FeatureSet[];
export type FeatureSetId = (typeof featureSets)[number]['id'];

export interface MeasuredFeature {
  readonly id: string;
  readonly version: number;
}

/** Values of the named features and the method flags, row after row; NaN where there is none. */
export function featureRow(
  features: readonly LearningFeature[],
  values: FeatureNumbers,
  mechanism: string | null,
): number[] {
  return features.map(({ id, block }) =>
    block === methodBlock ? (id === flagOf(mechanism ?? '') ? 1 : 0) : (values[id] ?? NaN),
  );
}

const flagOf = (mechanism: string): string => `method_${mechanism}`;

/**
 * The learning table of a measured benchmark: labels by rule from the truth, one row a defacing, persons as groups. Features
 * that are the same in every row, or have no value, are left out, as they can tell nothing.
 */
export function benchmarkTable(
  plan: BenchmarkPlan,
  items: readonly MeasuredItem[],
  {
    criterion,
    set,
    measured,
    cut,
  }: {
    readonly criterion: Criterion;
    readonly set: FeatureSet;
    readonly measured: readonly MeasuredFeature[];
    readonly cut?: CutPoints;
  },
): LearningTable {
  const telling = measured.filter(
    ({ id }) =>
      (set.features === null || set.features.includes(id)) &&
      new Set(items.map(({ features }) => features[id] ?? null).filter((value) => value !== null)).size > 1,
  );
  const features: LearningFeature[] = [
    ...telling.map(({ id, version }) => ({ id, version, block: null })),
    ...mechanismIds.map((id) => ({ id: flagOf(id), version: 1, block: methodBlock })),
  ];
  const lines = items.map(({ index }) => plan.defacings[index]);
  return {
    itemIds: lines.map(({ id }) => id),
    features,
    x: {
      rows: items.length,
      columns: features.length,
      values: Float64Array.from(
        items.flatMap((item, n) => featureRow(features, item.features, lines[n].mechanism)),
      ),
    },
    labels: Uint8Array.from(items, ({ truth }) => labelOfTruth(truth, criterion, cut)),
    persons: lines.map(({ scan }) => plan.scans[scan].person),
    tools: lines.map(({ mechanism }) => mechanism),
  };
}
