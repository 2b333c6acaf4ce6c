import { AppError } from '../api/appError.ts';
import { canonicalJson } from '../domain/provenance.ts';
import { sha256 } from '../model/sha256.ts';
import { loadModel, saveModel, type TrainedModel } from '../model/trainedModel.ts';
import { criteria, type Criterion } from '../rating/verdict.ts';
import type { TestedItem } from './riskStatement.ts';

/** A model with what it was tested on: enough to decide elsewhere under a stated risk. */
export interface TriageModel {
  readonly name: string;
  readonly criterion: Criterion;
  readonly model: TrainedModel;
  readonly tested: readonly TestedItem[];
}

/** SHA-256 over model and tests: the same decisions have the same hash. */
export const triageHash = ({ model, tested }: TriageModel): string =>
  sha256(canonicalJson({ model: model.hash, tested }));

/** As a file for another study. People become numbers: which items are of one person is kept, who it is is not. */
export function packTriageModel({ name, criterion, model, tested }: TriageModel): string {
  const numbers = new Map<string, string>();
  const number = (person: string): string => {
    const known = numbers.get(person) ?? String(numbers.size + 1);
    numbers.set(person, known);
    return known;
  };
  const content = {
    format: 'defaceqa-triage-model',
    formatVersion: 1,
    name,
    criterion,
    model: JSON.parse(saveModel(model)) as unknown,
    tested: tested.map((item) => ({ ...item, person: number(item.person) })),
  };
  return `${canonicalJson({ ...content, hash: sha256(canonicalJson(content)) })}\n`;
}

/**
 * Reads such a file, or a model alone, which has no tests and so supports no risk. Throws `model-file` for anything else
 * and for any edit.
 */
export function readTriageModel(text: string): TriageModel {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new AppError('model-file', 'This is not a model file: it is not JSON.', {}, { cause });
  }
  if (parsed.format !== 'defaceqa-triage-model') {
    const model = loadModel(text);
    return { name: model.pipeline.model, criterion: criterionOf(model.criterion), model, tested: [] };
  }
  const { hash, ...content } = parsed;
  if (parsed.formatVersion !== 1)
    throw new AppError('model-file', 'This model file was written by a newer version of the program.');
  if (sha256(canonicalJson(content)) !== hash)
    throw new AppError('model-file', 'This model file was changed after it was saved, so it is not used.');
  return {
    name: String(parsed.name),
    criterion: criterionOf(String(parsed.criterion)),
    model: loadModel(JSON.stringify(parsed.model)),
    tested: parsed.tested as TestedItem[],
  };
}

function criterionOf(name: string): Criterion {
  const known = criteria.find((criterion) => criterion === name);
  if (known !== undefined) return known;
  throw new AppError('model-file', 'This model was trained on a label that is neither strict nor lenient.');
}
