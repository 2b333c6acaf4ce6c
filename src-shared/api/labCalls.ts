import type { EvaluationResult } from '../model/assembleEvaluation.ts';
import { baselineIds, type BaselineId } from '../model/baselines.ts';
import type { ModelComparison, OutOfFoldItem } from '../model/compareModels.ts';
import type { Explanation } from '../model/explain.ts';
import type { TaskResult, Variant } from '../model/evaluationTask.ts';
import type { MetricSummary } from '../model/assembleEvaluation.ts';
import type { Metrics } from '../model/metrics.ts';
import type { ModelCard } from '../model/modelCard.ts';
import { modelIds, type ModelId } from '../model/models.ts';
import type { Recipe } from '../model/presets.ts';
import type { OutsideTraining } from '../model/scoreDefacing.ts';
import type { WhatGoesIn } from '../model/whatGoesIn.ts';
import { criteria, type Criterion } from '../rating/verdict.ts';
import { call } from './call.ts';
import {
  array,
  boolean,
  integer,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  strictObject,
  string,
  union,
} from './checks.ts';

const id = pipe(string(), minLength(1), maxLength(64));
const criterion = picklist(criteria);
const wholeFrom = (least: number, most: number) => pipe(number(), integer(), minValue(least), maxValue(most));
const seed = wholeFrom(0, 2 ** 32 - 1);
const features = pipe(array(id), minLength(1), maxLength(200));
const variant = picklist(['all', 'without-method', 'tool-out'] as const);
const binary = union([literal(0), literal(1)]);

/** The learning lab: evaluations of models on a study's features and final labels, and the models that are kept. */
export const labCalls = {
  /** What an evaluation would learn from: counts, what is left out and why, whether folds can be made. */
  'lab.whatGoesIn': call(
    strictObject({ criterion, features, method: boolean(), outerFolds: wholeFrom(2, 20), seed }),
    { who: 'reader' },
  ).returns<WhatGoesIn>(),
  'evaluations.start': call(
    strictObject({
      criteria: pipe(array(criterion), minLength(1), maxLength(2)),
      features,
      method: boolean(),
      selection: boolean(),
      models: pipe(array(picklist(modelIds)), minLength(1), maxLength(5)),
      outerFolds: wholeFrom(2, 20),
      innerFolds: wholeFrom(2, 20),
      repeats: wholeFrom(1, 50),
      seed,
      withoutMethod: boolean(),
      leaveOneToolOut: boolean(),
      /** Also without each group of features. */
      ablation: optional(boolean()),
    }),
    { who: 'owner' },
  ).returns<{ readonly evaluationId: string; readonly jobId: number }>(),
  /** Goes on with a stopped one; folds that are done are kept. */
  'evaluations.resume': call(strictObject({ evaluationId: id }), { who: 'owner' }).returns<{
    readonly jobId: number;
  }>(),
  /** Newest first. */
  'evaluations.list': call(strictObject({}), { who: 'reader' }).returns<readonly EvaluationSummary[]>(),
  /** Folds that are done, as they come. */
  'evaluations.folds': call(strictObject({ evaluationId: id, criterion }), { who: 'reader' }).returns<
    readonly FoldRow[]
  >(),
  /** null while folds are missing, or where nothing could be evaluated. */
  'evaluations.result': call(strictObject({ evaluationId: id, criterion }), {
    who: 'reader',
  }).returns<EvaluationView | null>(),
  /** The defacings behind a model's confusion table, of the first repeat; all of them unless a cell is named. */
  'evaluations.items': call(
    strictObject({
      evaluationId: id,
      criterion,
      model: picklist([...modelIds, ...baselineIds]),
      variant,
      tool: optional(nullable(id), null),
      cell: optional(strictObject({ label: binary, predicted: binary })),
    }),
    { who: 'reader' },
  ).returns<readonly OutOfFoldItem[]>(),
  /** Tables of metrics, out-of-fold scores and folds, as text files. */
  'evaluations.export': call(strictObject({ evaluationId: id }), { who: 'reader' }).returns<{
    readonly files: readonly TextFile[];
  }>(),
  /** Refused where a model was kept from it. */
  'evaluations.remove': call(strictObject({ evaluationId: id }), { who: 'owner' }).returns<null>(),
  /** Fits the model on all items of the evaluation, with its own version and card. */
  'models.keep': call(
    strictObject({
      evaluationId: id,
      criterion,
      model: picklist(modelIds),
      variant: picklist(['all', 'without-method'] as const),
      name: pipe(string(), minLength(1), maxLength(120)),
    }),
    { who: 'owner' },
  ).returns<ModelSummary>(),
  'models.list': call(strictObject({}), { who: 'reader' }).returns<readonly ModelSummary[]>(),
  /** Makes it the model that scores new defacings under its criterion; false takes it out of use. */
  'models.use': call(strictObject({ modelId: id, use: boolean() }), { who: 'owner' }).returns<null>(),
  'models.card': call(strictObject({ modelId: id }), { who: 'reader' }).returns<{
    readonly card: ModelCard;
    readonly html: string;
    /** The file another study or the command line can load. */
    readonly file: TextFile;
  }>(),
  /** Every measured defacing as a kept model scores it now; with a problem where it can not. */
  'models.scores': call(strictObject({ modelId: id }), { who: 'reader' }).returns<readonly ScoreRow[]>(),
  'models.explain': call(strictObject({ modelId: id, defacingId: id }), {
    who: 'reader',
  }).returns<ExplanationView>(),
  /** On the defacings both were tested on. */
  'models.compare': call(strictObject({ first: id, second: id }), {
    who: 'reader',
  }).returns<ModelComparison>(),
};

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

export interface EvaluationSummary {
  readonly id: string;
  readonly recipe: Recipe;
  readonly startedAt: string;
  /** `stopped`: by a person, an error or the end of the program; it can be resumed. */
  readonly state: 'running' | 'stopped' | 'done';
  /** The job that works on it, or did last. */
  readonly jobId: number | null;
  readonly software: string;
  readonly parts: readonly {
    readonly criterion: Criterion;
    readonly done: number;
    readonly steps: number;
    readonly items: number;
    readonly persons: number;
    readonly insufficient: number;
    /** Why nothing could be evaluated. */
    readonly refusal: { readonly code: string; readonly message: string } | null;
  }[];
}

export interface FoldRow extends Pick<
  TaskResult,
  | 'id'
  | 'model'
  | 'variant'
  | 'tool'
  | 'group'
  | 'repeat'
  | 'fold'
  | 'seed'
  | 'features'
  | 'settings'
  | 'threshold'
  | 'selection'
> {
  readonly trainItems: number;
  readonly testItems: number;
  readonly testPersons: number;
  readonly metrics: Metrics;
}

/** Results without single items and folds, which are asked for on their own: those lists are empty here. */
export interface EvaluationView extends EvaluationResult {
  /** The labels or features of the study are no longer those that were learned from. */
  readonly outdated: boolean;
}

export interface ModelSummary {
  readonly id: string;
  readonly criterion: Criterion;
  readonly version: number;
  readonly name: string;
  readonly kind: ModelId;
  readonly variant: 'all' | 'without-method';
  readonly evaluationId: string;
  readonly features: readonly string[];
  readonly items: number;
  readonly persons: number;
  readonly balancedAccuracy: MetricSummary;
  readonly auroc: MetricSummary;
  readonly sensitivity: MetricSummary;
  readonly specificity: MetricSummary;
  readonly brier: MetricSummary;
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly inUse: boolean;
}

export interface ScoreRow {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scan: string;
  readonly tool: string;
  readonly probability: number | null;
  readonly predicted: 0 | 1 | null;
  readonly outside: OutsideTraining | null;
  /** Why there is no score. */
  readonly problem: string | null;
  /** The final label now, for comparison; null for none. */
  readonly label: 0 | 1 | null;
}

export interface ExplanationView {
  readonly explanation: Explanation;
  readonly probability: number;
  readonly threshold: number;
  readonly predicted: 0 | 1;
  readonly outside: OutsideTraining;
  readonly sentences: readonly string[];
}

export type { BaselineId, Variant };
