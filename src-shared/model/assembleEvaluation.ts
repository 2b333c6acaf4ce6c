import { AppError } from '../api/appError.ts';
import { ablationRows, type AblationRow } from './ablation.ts';
import { clusterBootstrap, type Interval } from '../stats/clusterBootstrap.ts';
import { seededRandom } from '../stats/random.ts';
import { type BaselineId, baselineIds } from './baselines.ts';
import { absoluteSpearman, averageLinkage, leafOrder, type Merge } from './clustering.ts';
import { type CurveBands, curveBands } from './curveBands.ts';
import {
  averagePrecision,
  type CurvePoint,
  precisionRecallCurve,
  type ReliabilityBin,
  reliabilityCurve,
  riskCoverageCurve,
  rocCurve,
} from './curves.ts';
import type { EvaluationPlan, TaskResult, Variant } from './evaluationTask.ts';
import type { FoldQuality } from './groupFolds.ts';
import type { LearningTable } from './learningTable.ts';
import {
  type MetricName,
  metricNames,
  type Metrics,
  metricsInto,
  metricsOf,
  namedMetrics,
  scoreOrder,
} from './metrics.ts';
import type { ModelId } from './models.ts';

export interface MetricSummary {
  /** Mean and standard deviation (divisor n - 1) over outer folds where it is defined. */
  readonly mean: number | null;
  readonly sd: number | null;
  readonly folds: number;
  /** On all out-of-fold items together, mean over repeats. */
  readonly pooled: number | null;
  /** 95 % percentile interval of `pooled`, persons drawn with replacement. */
  readonly interval: Interval | null;
}

/** Counts of decisions; positive is insufficient. */
export interface Confusion {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
}

export interface ModelEvaluation {
  readonly model: ModelId | BaselineId;
  readonly variant: Variant;
  /** The tool left out, else null. */
  readonly tool: string | null;
  /** The group of features left out, for `without-group`. */
  readonly group?: string;
  readonly items: number;
  readonly persons: number;
  readonly metrics: Readonly<Record<MetricName, MetricSummary>>;
  readonly averagePrecision: number | null;
  readonly roc: readonly CurvePoint[];
  readonly precisionRecall: readonly CurvePoint[];
  readonly reliability: readonly ReliabilityBin[];
  readonly riskCoverage: readonly CurvePoint[];
  /** 95 % intervals of the curves over persons; null for baselines and tools left out. */
  readonly bands: CurveBands | null;
  /** Decisions on the items of the first repeat. */
  readonly confusion: Confusion;
  /** How many folds used each feature. */
  readonly chosen: readonly { readonly feature: string; readonly folds: number }[];
  readonly importance: readonly {
    readonly name: string;
    readonly mean: number;
    readonly sd: number;
    readonly folds: number;
  }[];
  /** Out-of-fold items of all repeats, for confusion cells and thresholds. */
  readonly outOfFold: readonly {
    readonly item: string;
    readonly repeat: number;
    readonly label: number;
    readonly score: number;
    readonly probability: number;
    readonly predicted: number;
  }[];
  readonly folds: readonly (TaskResult & { readonly metrics: Metrics })[];
}

export interface EvaluationResult {
  readonly plan: string;
  readonly items: number;
  readonly persons: number;
  readonly insufficient: number;
  readonly outerFolds: readonly (readonly FoldQuality[])[];
  readonly notes: readonly string[];
  readonly evaluations: readonly ModelEvaluation[];
  /** What groups of features add; absent where no groups were left out. */
  readonly ablation?: readonly AblationRow[];
  /** |Spearman| of all features over all items, for looking at; nothing is chosen from it. */
  readonly correlation: {
    readonly features: readonly string[];
    readonly values: readonly number[];
    readonly merges: readonly Merge[];
    readonly order: readonly number[];
  };
}

function meanSd(values: readonly number[]): { mean: number | null; sd: number | null } {
  if (values.length === 0) return { mean: null, sd: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean, sd: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * All tasks' results as tables, curves and intervals. Errors: `evaluation-incomplete` when results are missing, come
 * from another plan, or an item was not tested exactly once in a repeat.
 */
export function assembleEvaluation(
  table: LearningTable,
  plan: EvaluationPlan,
  results: readonly TaskResult[],
): EvaluationResult {
  const byId = new Map(
    results.filter((result) => result.plan === plan.id).map((result) => [result.id, result]),
  );
  const missing = plan.tasks.filter((task) => !byId.has(task.id));
  if (missing.length > 0)
    throw new AppError(
      'evaluation-incomplete',
      `${missing.length} of ${plan.tasks.length} steps of this evaluation are missing.`,
      {
        missing: missing.length,
        total: plan.tasks.length,
      },
    );
  const series = new Map<string, TaskResult[]>();
  for (const task of plan.tasks) {
    const result = byId.get(task.id);
    if (result === undefined) continue;
    const key = `${task.variant}/${task.group ?? task.tool ?? ''}/${task.model}`;
    series.set(key, [...(series.get(key) ?? []), result]);
  }
  const { draws, seed } = { draws: plan.tasks[0].settings.bootstrapDraws, seed: plan.tasks[0].settings.seed };
  const values = absoluteSpearman(table.x);
  const merges = averageLinkage(
    values.map((rho) => 1 - rho),
    table.features.length,
  );
  const evaluations = [...series.values()].map((folds) => summarise(table, folds, draws, seed));
  const { ablation } = plan.tasks[0].settings;
  return {
    plan: plan.id,
    items: table.itemIds.length,
    persons: new Set(table.persons).size,
    insufficient: table.labels.reduce((sum, label) => sum + label, 0),
    outerFolds: plan.folds,
    notes: plan.notes,
    evaluations,
    ...(ablation !== undefined && { ablation: ablationRows(table, evaluations, ablation, { draws, seed }) }),
    correlation: {
      features: table.features.map((feature) => feature.id),
      values: [...values],
      merges,
      order: leafOrder(merges, table.features.length),
    },
  };
}

function confusionOf(labels: Uint8Array, predicted: Float64Array): Confusion {
  const cells = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) cells[labels[i] * 2 + predicted[i]]++;
  const [trueNegative, falsePositive, falseNegative, truePositive] = cells;
  return { truePositive, falsePositive, falseNegative, trueNegative };
}

function summarise(
  table: LearningTable,
  results: readonly TaskResult[],
  draws: number,
  seed: number,
): ModelEvaluation {
  const first = results[0];
  const repeats = [...new Set(results.map((result) => result.repeat))];
  const size = metricNames.length;
  const pooled = repeats.map((repeat) => {
    const parts = results.filter((result) => result.repeat === repeat);
    const rows = parts.flatMap((part) => part.testRows);
    if (new Set(rows).size !== rows.length || (first.tool === null && rows.length !== table.itemIds.length))
      throw new AppError('evaluation-incomplete', 'An item was not tested exactly once in a repeat.', {
        repeat,
      });
    // The same order of items in every repeat, so that one draw of persons counts alike in all of them.
    const order = rows.map((_, k) => k).sort((a, b) => rows[a] - rows[b]);
    const pick = (list: readonly number[]): Float64Array => Float64Array.from(order, (k) => list[k]);
    const scores = pick(parts.flatMap((part) => part.scores));
    return {
      repeat,
      rows: order.map((k) => rows[k]),
      labels: Uint8Array.from(order, (k) => table.labels[rows[k]]),
      scores,
      probabilities: pick(parts.flatMap((part) => part.probabilities)),
      predicted: pick(parts.flatMap((part) => part.predicted)),
      byScore: scoreOrder(scores),
    };
  });
  const one = new Float64Array(size);
  const pooledMetrics = (counts: Float64Array | null, out: Float64Array): void => {
    out.fill(0);
    for (const items of pooled) {
      metricsInto(items, items.byScore, counts, one);
      for (let m = 0; m < size; m++) out[m] += one[m] / pooled.length;
    }
  };
  const point = new Float64Array(size);
  pooledMetrics(null, point);
  const named = namedMetrics(point);
  const persons = pooled[0].rows.map((row) => table.persons[row]);
  const intervals = clusterBootstrap(persons, pooledMetrics, {
    draws,
    size,
    random: seededRandom(seed, 'bootstrap'),
  });
  const folds = results.map((result) => ({
    ...result,
    metrics: metricsOf({ ...result, labels: result.testRows.map((row) => table.labels[row]) }),
  }));
  const metrics = Object.fromEntries(
    metricNames.map((name, m) => {
      const defined = folds.map((fold) => fold.metrics[name]).filter((value) => value !== null);
      const summary = {
        ...meanSd(defined),
        folds: defined.length,
        pooled: named[name],
        interval: intervals[m],
      };
      return [name, summary];
    }),
  ) as unknown as Record<MetricName, MetricSummary>;
  const chosen = new Map<string, number>();
  const falls = new Map<string, number[]>();
  for (const result of results) {
    for (const feature of result.features) chosen.set(feature, (chosen.get(feature) ?? 0) + 1);
    for (const { name, fall } of result.importance) falls.set(name, [...(falls.get(name) ?? []), fall]);
  }
  const main = pooled[0];
  return {
    model: first.model,
    variant: first.variant,
    tool: first.tool,
    ...(first.group !== undefined && { group: first.group }),
    items: main.rows.length,
    persons: new Set(persons).size,
    metrics,
    averagePrecision: averagePrecision(main.labels, main.scores),
    roc: rocCurve(main.labels, main.scores),
    precisionRecall: precisionRecallCurve(main.labels, main.scores),
    reliability: reliabilityCurve(main.labels, main.probabilities),
    riskCoverage: riskCoverageCurve(main.labels, main.probabilities),
    bands:
      first.tool !== null ||
      first.group !== undefined ||
      (baselineIds as readonly string[]).includes(first.model)
        ? null
        : curveBands(main, persons, { draws, random: seededRandom(seed, 'curves') }),
    confusion: confusionOf(main.labels, main.predicted),
    chosen: [...chosen]
      .map(([feature, count]) => ({ feature, folds: count }))
      .sort((a, b) => b.folds - a.folds),
    importance: [...falls]
      .map(([name, list]) => ({
        name,
        mean: meanSd(list).mean ?? 0,
        sd: meanSd(list).sd ?? 0,
        folds: list.length,
      }))
      .sort((a, b) => b.mean - a.mean),
    outOfFold: pooled.flatMap((items) =>
      items.rows.map((row, k) => ({
        item: table.itemIds[row],
        repeat: items.repeat,
        label: items.labels[k],
        score: items.scores[k],
        probability: items.probabilities[k],
        predicted: items.predicted[k],
      })),
    ),
    folds,
  };
}
