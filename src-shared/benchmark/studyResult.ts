import type { EvaluationResult, ModelEvaluation } from '../model/assembleEvaluation.ts';
import { auroc } from '../model/metrics.ts';
import { modelIds, type ModelId } from '../model/models.ts';
import type { Criterion } from '../rating/verdict.ts';
import type { BenchmarkPlan, BenchmarkSettings } from './benchmarkPlan.ts';
import type { FeatureSetId } from './benchmarkTable.ts';
import { failureTitles } from './failures.ts';
import type { LabelledItem, LabelledSingles, ScoredModel } from './labelledScores.ts';
import type { MeasuredItem } from './measuredItem.ts';
import { doseBand, recallByGroup, type GroupRecall } from './recallByGroup.ts';
import type { SingleFeature } from './singleFeatures.ts';
import type { TriageProof } from './triageProof.ts';
import { withinGroupAuroc } from './withinGroupAuroc.ts';

/** A row of the paper's tables: one model, mean and standard deviation over outer folds, and all items pooled. */
export type ModelRow = Pick<
  ModelEvaluation,
  'model' | 'variant' | 'tool' | 'items' | 'persons' | 'metrics' | 'chosen'
>;

export interface Recalls {
  readonly model: ModelId;
  readonly byMechanism: readonly GroupRecall[];
  readonly byFailure: readonly GroupRecall[];
  readonly byDose: readonly GroupRecall[];
  readonly byVariant: readonly GroupRecall[];
  readonly byContrast: readonly GroupRecall[];
}

/** How well a model ranks simulated items that resemble the labelled ones, to tell where a gap comes from. */
export interface RankingRow {
  readonly model: ModelId;
  readonly variant: 'all' | 'without-method';
  readonly auroc: number | null;
  /** Only defacings of the same scan compared. */
  readonly withinScanAuroc: number | null;
  /** Only planes and template masks, as intended, moved, tilted or one-sided: what the labelled set holds. */
  readonly comparable: { readonly items: number; readonly auroc: number | null };
}

export interface CriterionResult {
  readonly criterion: Criterion;
  readonly set: FeatureSetId;
  readonly features: readonly string[];
  readonly items: number;
  readonly persons: number;
  readonly insufficient: number;
  readonly rows: readonly ModelRow[];
  readonly transfer: readonly ModelRow[];
  readonly recalls: readonly Recalls[];
  readonly rankings: readonly RankingRow[];
  readonly proofs: readonly TriageProof[];
  readonly notes: readonly string[];
}

export interface CutPointRow {
  readonly name: string;
  readonly criterion: Criterion;
  readonly insufficient: number;
  /** Items whose label differs from that of the default cut points. */
  readonly changed: number;
  /** Logistic regression on the paper's eight features, pooled over outer folds; null where it cannot be evaluated. */
  readonly auroc: number | null;
  readonly balancedAccuracy: number | null;
}

export interface LabelledResult {
  readonly table: string;
  readonly items: readonly LabelledItem[];
  readonly leftOut: readonly { readonly mask: string; readonly reason: string }[];
  readonly models: readonly ScoredModel[];
  readonly singles: readonly LabelledSingles[];
  /** Where the values of the labelled set lie among those of the simulated one. */
  readonly shift: readonly FeatureShift[];
}

/** One feature in two sets: medians by label, and the share of labelled values beyond everything simulated. */
export interface FeatureShift {
  readonly feature: string;
  readonly simulated: { readonly adequate: number | null; readonly insufficient: number | null };
  readonly labelled: { readonly adequate: number | null; readonly insufficient: number | null };
  readonly outsideShare: number;
}

export interface StudyResult {
  readonly labelsAre: typeof simulatedLabels;
  readonly seed: number;
  readonly settings: BenchmarkSettings;
  readonly softwareVersion: string;
  readonly counts: {
    readonly persons: number;
    readonly scans: number;
    readonly flair: number;
    readonly defacings: number;
    readonly verdicts: Readonly<Record<1 | 2 | 3, number>>;
    readonly byMechanism: readonly {
      readonly mechanism: string;
      readonly verdicts: Readonly<Record<1 | 2 | 3, number>>;
    }[];
    readonly byFailure: readonly {
      readonly failure: string;
      readonly verdicts: Readonly<Record<1 | 2 | 3, number>>;
    }[];
    /** Items whose lenient label turns with a fifth of the share of one region. */
    readonly nearThreshold: number;
  };
  readonly heads: {
    readonly registered: number;
    readonly brainPlausible: number;
    readonly medianBrainDice: number | null;
    readonly secondsPerScan: number;
  };
  readonly results: readonly CriterionResult[];
  readonly singles: readonly { readonly criterion: Criterion; readonly singles: readonly SingleFeature[] }[];
  readonly cutPoints: readonly CutPointRow[];
  readonly labelled: LabelledResult | null;
}

/** Stands on every page and in every table. */
export const simulatedLabels = 'simulated, rule-derived labels';

/** Decisions of a model on out-of-fold items, by what was done to them. Only the first repeat counts. */
export function recallsOf(plan: BenchmarkPlan, evaluation: EvaluationResult, model: ModelId): Recalls | null {
  const found = evaluation.evaluations.find(
    (each) => each.model === model && each.variant === 'all' && each.tool === null,
  );
  if (found === undefined) return null;
  const byId = new Map(plan.defacings.map((defacing) => [defacing.id, defacing]));
  const decided = found.outOfFold
    .filter(({ repeat }) => repeat === 0)
    .flatMap(({ item, label, predicted }) => {
      const defacing = byId.get(item);
      return defacing === undefined ? [] : [{ defacing, scan: plan.scans[defacing.scan], label, predicted }];
    });
  const by = (group: (item: (typeof decided)[number]) => string): GroupRecall[] =>
    recallByGroup(
      decided.map((item) => ({ group: group(item), label: item.label, predicted: item.predicted })),
    ).sort((a, b) => (a.group < b.group ? -1 : 1));
  return {
    model,
    byMechanism: by(({ defacing }) => defacing.mechanism),
    byFailure: by(({ defacing }) => failureTitles[defacing.failure.kind]),
    byDose: by(({ defacing: { failure } }) => {
      const band = doseBand(failure.kind, failure.dose, failure.unit);
      return band === '' ? '' : `${failureTitles[failure.kind]}, ${band}`;
    }).filter(({ group }) => group !== ''),
    byVariant: by(({ scan }) => scan.variant),
    byContrast: by(({ scan }) => scan.contrast),
  };
}

const comparableFailures: readonly string[] = ['none', 'shift', 'tilt', 'side-kept', 'shallow'];
const comparableMechanisms: readonly string[] = ['shearing-plane', 'template-mask'];

/** Out-of-fold ranking of every model, on all items, within scans, and on items like the labelled ones. */
export function rankingsOf(plan: BenchmarkPlan, evaluation: EvaluationResult): RankingRow[] {
  const byId = new Map(plan.defacings.map((defacing) => [defacing.id, defacing]));
  return evaluation.evaluations.flatMap(({ model, variant, tool, outOfFold }): RankingRow[] => {
    if (tool !== null || variant === 'tool-out' || variant === 'without-group' || !isModel(model)) return [];
    const items = outOfFold
      .filter(({ repeat }) => repeat === 0)
      .flatMap(({ item, label, score }) => {
        const defacing = byId.get(item);
        return defacing === undefined ? [] : [{ defacing, label, score }];
      });
    const area = (some: typeof items): number | null => {
      const value = auroc(
        some.map(({ label }) => label),
        some.map(({ score }) => score),
      );
      return Number.isNaN(value) ? null : value;
    };
    const alike = items.filter(
      ({ defacing }) =>
        comparableMechanisms.includes(defacing.mechanism) &&
        comparableFailures.includes(defacing.failure.kind),
    );
    return [
      {
        model,
        variant,
        auroc: area(items),
        withinScanAuroc: withinGroupAuroc(
          items.map(({ label }) => label),
          items.map(({ score }) => score),
          items.map(({ defacing }) => plan.scans[defacing.scan].id),
        ).auroc,
        comparable: { items: alike.length, auroc: area(alike) },
      },
    ];
  });
}

const isModel = (id: string): id is ModelId => (modelIds as readonly string[]).includes(id);

/** Verdicts by rule, counted by group. */
export function verdictCounts(
  items: readonly MeasuredItem[],
  groupOf: (item: MeasuredItem) => string,
): { group: string; verdicts: Record<1 | 2 | 3, number> }[] {
  const counted = new Map<string, Record<1 | 2 | 3, number>>();
  for (const item of items) {
    const group = groupOf(item);
    const counts = counted.get(group) ?? { 1: 0, 2: 0, 3: 0 };
    counts[item.truth.verdict]++;
    counted.set(group, counts);
  }
  return [...counted].map(([group, verdicts]) => ({ group, verdicts }));
}
