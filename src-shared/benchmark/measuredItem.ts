import { labelOf, type Criterion, type Label } from '../rating/verdict.ts';
import type { ItemTruth } from './benchmarkItem.ts';
import { ruleVerdict, type CutPoints } from './regionTruth.ts';

/** Value of every feature by its id; null where it has none. */
export type FeatureNumbers = Readonly<Record<string, number | null>>;

export interface MeasuredItem {
  /** Number of the defacing in the plan. */
  readonly index: number;
  readonly features: FeatureNumbers;
  readonly truth: ItemTruth;
}

export interface MeasuredScan {
  readonly scan: number;
  readonly items: readonly MeasuredItem[];
  /** How well the program's own brain mask and registration did on this head. */
  readonly quality: {
    readonly registered: boolean;
    readonly brainPlausible: boolean;
    readonly brainMl: number | null;
    /** Overlap with the brain of the labels; null without a mask. */
    readonly brainDice: number | null;
  };
  readonly durationMs: number;
}

/** The label that follows from the truth, 1 insufficient. */
export const labelOfTruth = (truth: ItemTruth, criterion: Criterion, cut?: CutPoints): Label =>
  labelOf(truth.otherPerson ? 3 : ruleVerdict(truth, cut), criterion);

/**
 * One measurement of a scan from two: `later` with the named values of `earlier` put in. For a study that lacks only what a
 * newer program measures besides.
 */
export function joined(earlier: MeasuredScan, later: MeasuredScan, ids: readonly string[]): MeasuredScan {
  const values = new Map(earlier.items.map(({ index, features }) => [index, features]));
  return {
    ...later,
    durationMs: earlier.durationMs + later.durationMs,
    items: later.items.map((item) => ({
      ...item,
      features: {
        ...item.features,
        ...Object.fromEntries(ids.map((id) => [id, values.get(item.index)?.[id] ?? null])),
      },
    })),
  };
}
