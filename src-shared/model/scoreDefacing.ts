import type { FeatureValue } from '../domain/study.ts';
import { explain, type Explanation } from './explain.ts';
import type { LearningFeature } from './learningTable.ts';
import type { Matrix } from './matrix.ts';
import { predictTrained, type TrainedModel } from './trainedModel.ts';

/** What a model needs to know of a defacing. */
export interface ScorableDefacing {
  readonly features: readonly FeatureValue[];
  readonly tool: string;
  readonly contrast: string;
}

/** Why a score rests on thin ice: what the model was never trained on. */
export interface OutsideTraining {
  /** The tool, or null where the model knows it. */
  readonly tool: string | null;
  readonly contrast: string | null;
  /** Values below the smallest or above the largest of the training data. */
  readonly features: readonly {
    readonly feature: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
  /** Features without a value, filled by the training median. */
  readonly missing: readonly string[];
}

export interface ScoredDefacing {
  readonly score: number;
  /** Calibrated P(insufficient), 0 to 1. */
  readonly probability: number;
  /** 1 is insufficient, at the model's own threshold. */
  readonly predicted: 0 | 1;
  readonly outside: OutsideTraining;
}

/** A defacing as a row for this model: measurements by their version, and the flags of tools the model knows. */
function rowOf(
  model: TrainedModel,
  { features, tool }: ScorableDefacing,
): { features: LearningFeature[]; x: Matrix } {
  const flags = model.features.filter(({ id }) => id.startsWith('method_'));
  const columns: LearningFeature[] = [
    ...features.map(({ feature, version }) => ({ id: feature, version, block: null })),
    ...flags.map(({ id, version }) => ({ id, version, block: 'method' })),
  ];
  const values = Float64Array.from([
    ...features.map(({ value }) => value ?? Number.NaN),
    ...flags.map(({ id }) => (id === `method_${tool}` ? 1 : 0)),
  ]);
  return { features: columns, x: { rows: 1, columns: columns.length, values } };
}

/**
 * Applies a kept model to one defacing. Errors: `feature-versions` with the list where a measurement is missing or of
 * another version than the model's.
 */
export function scoreDefacing(model: TrainedModel, defacing: ScorableDefacing): ScoredDefacing {
  const { features, x } = rowOf(model, defacing);
  const { scores, probabilities, predicted } = predictTrained(model, features, x);
  return {
    score: scores[0],
    probability: probabilities[0],
    predicted: predicted[0] === 1 ? 1 : 0,
    outside: outsideTraining(model, defacing),
  };
}

/** Why a model scores a defacing as it does. Errors as `scoreDefacing`. */
export function explainDefacing(model: TrainedModel, defacing: ScorableDefacing): Explanation {
  const { features, x } = rowOf(model, defacing);
  return explain(model, features, x);
}

function outsideTraining(model: TrainedModel, defacing: ScorableDefacing): OutsideTraining {
  const { tools, contrasts, ranges } = model.data;
  const known = new Map(defacing.features.map(({ feature, value }) => [feature, value]));
  const features: OutsideTraining['features'][number][] = [];
  const missing: string[] = [];
  for (const [j, { id }] of model.features.entries()) {
    if (id.startsWith('method_')) continue;
    const value = known.get(id) ?? null;
    if (value === null) missing.push(id);
    else if (value < ranges[j].low || value > ranges[j].high)
      features.push({ feature: id, value, ...ranges[j] });
  }
  return {
    tool: tools.length > 0 && !tools.includes(defacing.tool) ? defacing.tool : null,
    contrast: contrasts.length > 0 && !contrasts.includes(defacing.contrast) ? defacing.contrast : null,
    features,
    missing,
  };
}
