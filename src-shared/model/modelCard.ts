import { featureOf } from '../predictors/predictors.ts';
import type { Confusion, EvaluationResult, MetricSummary, ModelEvaluation } from './assembleEvaluation.ts';
import { baselineIds, type BaselineId } from './baselines.ts';
import type { ReliabilityBin, CurvePoint } from './curves.ts';
import type { EvaluationSettings } from './evaluationSettings.ts';
import type { FoldQuality } from './groupFolds.ts';
import type { MetricName } from './metrics.ts';
import { models, type ModelId, type ModelSettings } from './models.ts';
import type { StudyData } from './studyTable.ts';
import type { TrainedModel } from './trainedModel.ts';
import { whatGoesIn, type GroupCount } from './whatGoesIn.ts';

/** What is known of a kept model, for whoever has to decide whether to rely on it. After Mitchell et al. 2019. */
export interface ModelCard {
  readonly format: 'defaceqa-model-card';
  readonly formatVersion: 1;
  readonly name: string;
  readonly version: number;
  /** The label it predicts: 'strict', 'lenient', or the name of a column of somebody's own table. */
  readonly criterion: string;
  readonly kind: { readonly id: ModelId; readonly title: string; readonly version: number };
  readonly usesMethod: boolean;
  readonly hash: string;
  readonly study: string;
  readonly software: string;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly data: {
    readonly items: number;
    readonly persons: number;
    readonly insufficient: number;
    readonly byTool: readonly GroupCount[];
    readonly byContrast: readonly GroupCount[];
    readonly leftOut: readonly { readonly reason: string; readonly items: number }[];
    readonly leftOutFeatures: readonly { readonly feature: string; readonly reason: string }[];
  };
  readonly features: readonly {
    readonly id: string;
    readonly version: number;
    readonly title: string;
    readonly unit: string;
    readonly low: number;
    readonly high: number;
  }[];
  /** How many outer folds chose each feature, of how many. */
  readonly chosen: readonly { readonly feature: string; readonly folds: number }[];
  readonly foldCount: number;
  readonly settings: ModelSettings;
  readonly calibration: { readonly slope: number; readonly intercept: number };
  readonly threshold: number;
  readonly evaluation: {
    readonly outerFolds: number;
    readonly innerFolds: number;
    readonly repeats: number;
    readonly seed: number;
    readonly bootstrapDraws: number;
    readonly folds: readonly (readonly FoldQuality[])[];
    readonly metrics: Readonly<Record<MetricName, MetricSummary>>;
    readonly averagePrecision: number | null;
    readonly confusion: Confusion;
    readonly roc: readonly CurvePoint[];
    readonly reliability: readonly ReliabilityBin[];
  };
  readonly baselines: readonly {
    readonly id: BaselineId;
    readonly balancedAccuracy: MetricSummary;
    readonly auroc: MetricSummary;
  }[];
  readonly toolOut: readonly {
    readonly tool: string;
    readonly items: number;
    readonly balancedAccuracy: number | null;
    readonly auroc: number | null;
  }[];
  readonly importance: ModelEvaluation['importance'];
  /** A shallow tree that imitates the model; null where it decides the same for all. */
  readonly surrogate: { readonly rules: readonly string[]; readonly fidelity: number } | null;
  readonly limits: readonly string[];
  readonly methodNotes: readonly string[];
}

export interface CardFacts {
  readonly name: string;
  readonly version: number;
  readonly criterion: string;
  readonly variant: 'all' | 'without-method';
  readonly trained: TrainedModel;
  readonly data: StudyData;
  readonly settings: EvaluationSettings;
  readonly result: EvaluationResult;
  readonly surrogate: ModelCard['surrogate'];
  readonly study: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
}

/** The card of a model out of its file, its evaluation and what it learned from. */
export function modelCard(facts: CardFacts): ModelCard {
  const { trained, result, settings, variant } = facts;
  const kind = models[trained.pipeline.model];
  const own = result.evaluations.find((e) => e.model === kind.id && e.variant === variant && e.tool === null);
  if (own === undefined) throw new RangeError('The evaluation has no results of this model.');
  const { byTool, byContrast, leftOut } = whatGoesIn(facts.data, {
    folds: settings.outerFolds,
    seed: settings.seed,
  });
  return {
    format: 'defaceqa-model-card',
    formatVersion: 1,
    name: facts.name,
    version: facts.version,
    criterion: facts.criterion,
    kind: { id: kind.id, title: kind.title, version: kind.version },
    usesMethod: trained.features.some(({ id }) => id.startsWith('method_')),
    hash: trained.hash,
    study: facts.study,
    software: trained.softwareVersion,
    createdAt: facts.createdAt,
    createdBy: facts.createdBy,
    data: {
      items: result.items,
      persons: result.persons,
      insufficient: result.insufficient,
      byTool,
      byContrast,
      leftOut: leftOut.map(({ reason, items }) => ({ reason, items: items.length })),
      leftOutFeatures: facts.data.leftOutFeatures,
    },
    features: trained.features.map(({ id, version }, j) => {
      const known = featureOf(id);
      return {
        id,
        version,
        title: known?.title ?? (id.startsWith('method_') ? `Made by ${id.slice('method_'.length)}` : id),
        unit: known?.unit ?? '',
        ...trained.data.ranges[j],
      };
    }),
    chosen: own.chosen,
    foldCount: own.folds.length,
    settings: trained.pipeline.settings,
    calibration: trained.pipeline.calibration,
    threshold: trained.pipeline.threshold,
    evaluation: {
      outerFolds: settings.outerFolds,
      innerFolds: settings.innerFolds,
      repeats: settings.repeats,
      seed: settings.seed,
      bootstrapDraws: settings.bootstrapDraws,
      folds: result.outerFolds,
      metrics: own.metrics,
      averagePrecision: own.averagePrecision,
      confusion: own.confusion,
      roc: own.roc,
      reliability: own.reliability,
    },
    baselines: baselineIds.flatMap((id) => {
      const found = result.evaluations.find((e) => e.model === id);
      return found === undefined
        ? []
        : [{ id, balancedAccuracy: found.metrics.balancedAccuracy, auroc: found.metrics.auroc }];
    }),
    toolOut: result.evaluations
      .filter((e) => e.model === kind.id && e.variant === 'tool-out')
      .map((e) => ({
        tool: e.tool ?? '',
        items: e.items,
        balancedAccuracy: e.metrics.balancedAccuracy.pooled,
        auroc: e.metrics.auroc.pooled,
      })),
    importance: own.importance,
    surrogate: facts.surrogate,
    limits: limitsOf(facts, own),
    methodNotes: notesOf(settings),
  };
}

function limitsOf({ trained, criterion, result }: CardFacts, own: ModelEvaluation): string[] {
  const { tools, contrasts } = trained.data;
  const limits = [
    `It says how likely a defacing is insufficient under the ${criterion} criterion, as the raters of this study applied it. It does not say that a person can not be recognised.`,
    `It knows the tools ${tools.join(', ') || '(none named)'} and the contrasts ${contrasts.join(', ') || '(none named)'}. For another tool, contrast, site or scanner these figures do not hold.`,
    'It was evaluated on persons of the same study that it had not learned from, not on another study.',
  ];
  const smaller = Math.min(result.insufficient, result.items - result.insufficient);
  if (result.persons < 40 || smaller < 40)
    limits.push(
      `The evaluation rests on ${result.persons} persons and ${smaller} defacings of the rarer label: the intervals are wide, and unlike cases are missing.`,
    );
  const { calibrationSlope } = own.metrics;
  if (calibrationSlope.pooled !== null && (calibrationSlope.pooled < 0.7 || calibrationSlope.pooled > 1.4))
    limits.push(
      `Its probabilities are ${calibrationSlope.pooled < 1 ? 'too sure' : 'too cautious'}: the calibration slope is ${calibrationSlope.pooled.toFixed(2)}, 1 would be right.`,
    );
  const always = result.evaluations.find((e) => e.model === 'best-single-feature');
  const mine = own.metrics.balancedAccuracy.pooled;
  const single = always?.metrics.balancedAccuracy.pooled ?? null;
  if (mine !== null && single !== null && mine <= single)
    limits.push(
      'The best single feature with a threshold did as well in balanced accuracy; the simpler rule is to be preferred.',
    );
  return limits;
}

function notesOf(settings: EvaluationSettings): string[] {
  return [
    `Nested stratified group k-fold cross-validation by person: ${settings.outerFolds} outer folds (our choice), ${settings.innerFolds} inner folds, ${settings.repeats} ${settings.repeats === 1 ? 'repeat' : 'repeats'}, seed ${settings.seed}.`,
    settings.selection === null
      ? 'All chosen features were used.'
      : `Features were chosen inside the training folds: of features with |Spearman| of ${settings.selection.clusterCorrelation} or more (average linkage) the one with the highest permutation importance stayed; then the least important was dropped again and again, and the smallest set within ${settings.selection.tolerance} of the best inner AUROC was taken (cut and tolerance are our choices).`,
    'Missing values were filled by the training median, features scaled to mean 0 and standard deviation 1 of the training rows; settings were chosen by the inner folds.',
    'Scores were calibrated by Platt scaling on inner out-of-fold scores; the threshold is where balanced accuracy of the inner out-of-fold items is highest (our choice).',
    `Intervals are 95 % percentile intervals of ${settings.bootstrapDraws} bootstrap draws of whole persons.`,
    'AUROC is the area under the ROC curve of the scores.',
  ];
}
