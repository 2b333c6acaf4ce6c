import { methodBlock, type LearningTable } from '../model/learningTable.ts';
import { metricsOf, type Metrics } from '../model/metrics.ts';
import { predictTrained, type TrainedModel } from '../model/trainedModel.ts';
import { labelOf, type Criterion, type Verdict } from '../rating/verdict.ts';
import { featureRow, type MeasuredFeature } from './benchmarkTable.ts';
import type { FeatureNumbers } from './measuredItem.ts';
import { bestBalancedAccuracy, singleFeatures, type SingleFeature } from './singleFeatures.ts';
import { withinGroupAuroc } from './withinGroupAuroc.ts';

/** A removal mask on a head that somebody judged by eye, with its features. */
export interface LabelledItem {
  readonly head: string;
  readonly mask: string;
  readonly verdict: Verdict;
  /** The other verdict that was near; null where none was. */
  readonly borderline: Verdict | null;
  readonly features: FeatureNumbers;
}

export const borderlineSets = ['without', 'with'] as const;
/** Whether rows with a near second verdict count. */
export type BorderlineSet = (typeof borderlineSets)[number];

export interface LabelledScore {
  readonly score: number;
  readonly probability: number;
  /** 1: called insufficient at the model's own threshold. */
  readonly predicted: number;
}

export interface LabelledMetrics {
  readonly rows: BorderlineSet;
  readonly items: number;
  readonly insufficient: number;
  readonly metrics: Metrics;
  /** What the best threshold on these very items would reach: ranking without the threshold's share of the errors. */
  readonly bestBalancedAccuracy: number | null;
  /** Only items of the same head compared. */
  readonly withinHeadAuroc: number | null;
}

export interface ScoredModel {
  readonly name: string;
  readonly hash: string;
  readonly criterion: Criterion;
  /** Whether it reads which mechanism made a defacing: unknown here, so all its flags are 0. */
  readonly readsMethod: boolean;
  readonly features: readonly string[];
  /** In the order of the items. */
  readonly scores: readonly LabelledScore[];
  readonly results: readonly LabelledMetrics[];
}

const counts = (items: readonly LabelledItem[], rows: BorderlineSet): number[] =>
  items.map((_, n) => n).filter((n) => rows === 'with' || items[n].borderline === null);

/** Scores every item with a trained model, as it is: nothing is fitted here. Errors: `feature-versions`. */
export function scoreLabelled(
  items: readonly LabelledItem[],
  measured: readonly MeasuredFeature[],
  { name, model, criterion }: { name: string; model: TrainedModel; criterion: Criterion },
): ScoredModel {
  const flags = model.features.filter(({ id }) => id.startsWith('method_'));
  const columns = [
    ...measured.map(({ id, version }) => ({ id, version, block: null })),
    ...flags.map(({ id, version }) => ({ id, version, block: methodBlock })),
  ];
  const values = Float64Array.from(items.flatMap(({ features }) => featureRow(columns, features, null)));
  const x = { rows: items.length, columns: columns.length, values };
  const { scores, probabilities, predicted } = predictTrained(model, columns, x);
  return {
    name,
    hash: model.hash,
    criterion,
    readsMethod: flags.length > 0,
    features: model.features.map(({ id }) => id),
    scores: items.map((_, n) => ({
      score: scores[n],
      probability: probabilities[n],
      predicted: predicted[n],
    })),
    results: borderlineSets.map((rows) => {
      const used = counts(items, rows);
      const labels = used.map((n) => labelOf(items[n].verdict, criterion));
      const ranks = used.map((n) => scores[n]);
      const best = bestBalancedAccuracy(labels, ranks);
      return {
        rows,
        items: used.length,
        insufficient: labels.filter((label) => label === 1).length,
        metrics: metricsOf({
          labels,
          scores: ranks,
          probabilities: used.map((n) => probabilities[n]),
          predicted: used.map((n) => predicted[n]),
        }),
        bestBalancedAccuracy: Number.isNaN(best) ? null : best,
        withinHeadAuroc: withinGroupAuroc(
          labels,
          ranks,
          used.map((n) => items[n].head),
        ).auroc,
      };
    }),
  };
}

export interface LabelledSingles {
  readonly criterion: Criterion;
  readonly rows: BorderlineSet;
  readonly items: number;
  readonly insufficient: number;
  readonly singles: readonly SingleFeature[];
}

/** What each feature alone tells on the labelled items, heads as persons: what a model has to beat. */
export function labelledSingles(
  items: readonly LabelledItem[],
  measured: readonly MeasuredFeature[],
  criterion: Criterion,
  rows: BorderlineSet,
): LabelledSingles {
  const used = counts(items, rows).map((n) => items[n]);
  const table = labelledTable(used, measured, criterion);
  return {
    criterion,
    rows,
    items: used.length,
    insufficient: table.labels.reduce((sum, label) => sum + label, 0),
    singles: singleFeatures(table),
  };
}

function labelledTable(
  items: readonly LabelledItem[],
  measured: readonly MeasuredFeature[],
  criterion: Criterion,
): LearningTable {
  const features = measured.map(({ id, version }) => ({ id, version, block: null }));
  return {
    itemIds: items.map(({ mask }) => mask),
    features,
    x: {
      rows: items.length,
      columns: features.length,
      values: Float64Array.from(items.flatMap((item) => featureRow(features, item.features, null))),
    },
    labels: Uint8Array.from(items, ({ verdict }) => labelOf(verdict, criterion)),
    persons: items.map(({ head }) => head),
    tools: null,
  };
}
