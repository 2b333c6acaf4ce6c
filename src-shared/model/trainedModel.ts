import { AppError } from '../api/appError.ts';
import type { EvaluationSettings } from './evaluationSettings.ts';
import { fitPipeline, type Pipeline, runPipeline } from './fitPipeline.ts';
import type { LearningTable } from './learningTable.ts';
import { columnOf, type Matrix } from './matrix.ts';
import { type ModelId, modelIds, models } from './models.ts';
import { sha256 } from './sha256.ts';

/** A model that leaves the laboratory: plain JSON, complete, with a hash over everything else in it. */
export interface TrainedModel {
  readonly format: 'defaceqa-model';
  readonly formatVersion: 1;
  readonly modelVersion: number;
  readonly softwareVersion: string;
  /** Name of the label it predicts ('strict', 'lenient'). */
  readonly criterion: string;
  /** The features it reads, in this order. */
  readonly features: readonly { readonly id: string; readonly version: number }[];
  /** Columns count from the features above. */
  readonly pipeline: Pipeline;
  readonly seed: number;
  readonly data: {
    readonly items: number;
    readonly persons: number;
    readonly insufficient: number;
    readonly tools: readonly string[];
    readonly contrasts: readonly string[];
    /** Smallest and largest known value of each feature above: outside of it the model has never been tried. */
    readonly ranges: readonly { readonly low: number; readonly high: number }[];
  };
  /** SHA-256 of everything else, keys in order. */
  readonly hash: string;
}

/** JSON with keys in alphabetical order, so that equal content is equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}

function rangeOf(column: Float64Array): { low: number; high: number } {
  const known = column.filter((value) => !Number.isNaN(value));
  return {
    low: known.reduce((a, b) => Math.min(a, b), Infinity),
    high: known.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** Fits the model that is kept, on all items, by the pipeline that was evaluated. */
export function trainModel(
  table: LearningTable,
  model: ModelId,
  settings: EvaluationSettings,
  about: { criterion: string; softwareVersion: string; contrasts?: readonly string[] },
): TrainedModel {
  const rows = table.itemIds.map((_, i) => i);
  const { pipeline } = fitPipeline(table, rows, model, settings, settings.seed);
  const content = {
    format: 'defaceqa-model' as const,
    formatVersion: 1 as const,
    modelVersion: models[model].version,
    softwareVersion: about.softwareVersion,
    criterion: about.criterion,
    features: pipeline.columns.map((j) => ({ id: table.features[j].id, version: table.features[j].version })),
    pipeline: { ...pipeline, columns: pipeline.columns.map((_, k) => k) },
    seed: settings.seed,
    data: {
      items: rows.length,
      persons: new Set(table.persons).size,
      insufficient: table.labels.reduce((sum, label) => sum + label, 0),
      tools: [...new Set(table.tools ?? [])].sort(),
      contrasts: [...new Set(about.contrasts ?? [])].sort(),
      ranges: pipeline.columns.map((j) => rangeOf(columnOf(table.x, j))),
    },
  };
  return { ...content, hash: sha256(canonical(content)) };
}

export const saveModel = (model: TrainedModel): string => `${JSON.stringify(model)}\n`;

/** Reads a saved model. Errors: `model-file` for other files, newer versions, unknown kinds and any edit. */
export function loadModel(text: string): TrainedModel {
  const refuse = (sentence: string, facts: Record<string, unknown> = {}): never => {
    throw new AppError('model-file', sentence, facts);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new AppError('model-file', 'This is not a model file: it is not JSON.', {}, { cause });
  }
  if (
    parsed === null ||
    typeof parsed !== 'object' ||
    !('format' in parsed) ||
    parsed.format !== 'defaceqa-model'
  )
    return refuse('This is not a model file.');
  const model = parsed as TrainedModel;
  if ((model.formatVersion as number) !== 1)
    refuse('This model file was written by a newer version of the program.', {
      formatVersion: model.formatVersion,
    });
  const { hash, ...content } = model;
  if (sha256(canonical(content)) !== hash)
    refuse(
      'This model file was changed after it was saved, so it is not used. Train again or take the original file.',
    );
  if (!modelIds.includes(model.pipeline.model))
    refuse('This model file holds a kind of model that this version does not know.');
  const current = models[model.pipeline.model].version;
  if (model.modelVersion !== current)
    refuse('This model was trained by another version of its method; train it again.', {
      file: model.modelVersion,
      current,
    });
  return model;
}

/**
 * The model's columns out of a table with other features beside them. AppError `feature-versions` lists every feature
 * that is missing or of another version.
 */
export function modelInput(
  model: TrainedModel,
  features: readonly { readonly id: string; readonly version: number }[],
  x: Matrix,
): Matrix {
  const problems: { feature: string; needed: number; given: number | null }[] = [];
  const columns = model.features.map(({ id, version }) => {
    const at = features.findIndex((feature) => feature.id === id);
    const given = at < 0 ? null : features[at].version;
    if (given !== version) problems.push({ feature: id, needed: version, given });
    return at;
  });
  if (problems.length > 0)
    throw new AppError(
      'feature-versions',
      `The model cannot read these features: ${problems
        .map(
          (p) =>
            `${p.feature} (needs version ${p.needed}, ${p.given === null ? 'missing' : `is ${p.given}`})`,
        )
        .join(', ')}. Measure them again or train a new model.`,
      { problems },
    );
  const values = new Float64Array(x.rows * columns.length);
  for (let i = 0; i < x.rows; i++)
    for (let k = 0; k < columns.length; k++)
      values[i * columns.length + k] = x.values[i * x.columns + columns[k]];
  return { rows: x.rows, columns: columns.length, values };
}

/** Scores, calibrated P(insufficient) and decisions of a saved model. Errors: `feature-versions`, `model-input`. */
export function predictTrained(
  model: TrainedModel,
  features: readonly { readonly id: string; readonly version: number }[],
  x: Matrix,
): { scores: Float64Array; probabilities: Float64Array; predicted: Uint8Array } {
  return runPipeline(model.pipeline, modelInput(model, features, x));
}
