import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { ModelFile, TriageModelRow } from '../../src-shared/api/triageCalls.ts';
import type { Scan } from '../../src-shared/domain/study.ts';
import {
  packTriageModel,
  readTriageModel,
  triageHash,
  type TriageModel,
} from '../../src-shared/triage/triageModel.ts';
import type { Engine } from './engine.ts';
import { keptModel } from './keptModels.ts';

export interface StudyTriageModel extends TriageModel {
  readonly id: string;
  readonly hash: string;
  readonly source: 'study' | 'file';
  readonly inUse: boolean;
}

/** Models that can decide here: the lab's, and those taken from files. */
export function triageModels(engine: Engine): StudyTriageModel[] {
  const kept = engine.learning.models().map(({ id }) => fromLab(engine, id));
  const filed = engine.triage.models().map(({ id, content }): StudyTriageModel => {
    const model = readTriageModel(content);
    return { ...model, id, hash: triageHash(model), source: 'file', inUse: false };
  });
  return [...kept, ...filed];
}

/** Throws `model-missing`. */
export function triageModel(engine: Engine, id: string): StudyTriageModel {
  const filed = engine.triage.models().find((row) => row.id === id);
  if (filed === undefined) return fromLab(engine, id);
  const model = readTriageModel(filed.content);
  return { ...model, id, hash: triageHash(model), source: 'file', inUse: false };
}

const largestModelBytes = 256 * 2 ** 20;

/** The JSON files of a folder that name themselves models, and why those that can not be read can not. */
export async function findModels(folder: string): Promise<ModelFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError('folder-missing', 'This folder can not be read; choose another.', {}, { cause });
  });
  const found: ModelFile[] = [];
  for (const { name } of entries.filter((entry) => entry.isFile() && /\.json$/i.test(entry.name))) {
    const path = join(folder, name);
    if ((await stat(path)).size > largestModelBytes) continue;
    const text = await readFile(path, 'utf8').catch(() => '');
    if (!/"format"\s*:\s*"defaceqa-(triage-)?model"/.test(text)) continue;
    try {
      const { criterion, tested } = readTriageModel(text);
      found.push({ path, name, problem: null, criterion, tested: tested.length });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      found.push({ path, name, problem: error.message, criterion: null, tested: 0 });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A model file, kept in the study under its hash. */
export async function addTriageModel(engine: Engine, path: string): Promise<StudyTriageModel> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('model-file', 'The model file could not be read; check the path.', {}, { cause });
  });
  const model = readTriageModel(text);
  const hash = triageHash(model);
  const id = `file-${hash.slice(0, 16)}`;
  engine.triage.addModel(id, packTriageModel(model), engine.clock.now());
  return { ...model, id, hash, source: 'file', inUse: false };
}

function fromLab(engine: Engine, id: string): StudyTriageModel {
  const { row, model, outOfFold } = keptModel(engine, id);
  const tested = outOfFold.map(({ defacingId, person, tool, contrast, label, probability }) => {
    const scan = engine.scans.byId(engine.derived.defacingById(defacingId)?.scanId ?? '');
    const values = new Map(engine.derived.features(defacingId).map(({ feature, value }) => [feature, value]));
    return {
      person,
      tool,
      contrast,
      site: scan === null ? null : siteOf(engine, scan),
      label,
      probability,
      values: model.features.map((feature) => values.get(feature.id) ?? null),
    };
  });
  const found = { name: row.name, criterion: row.criterion, model, tested };
  const inUse = engine.learning.inUse(row.criterion)?.id === id;
  return { ...found, id, hash: triageHash(found), source: 'study', inUse };
}

/** Where a scan comes from: the site in the table of participants, else the scanner; null where neither is known. */
export function siteOf(engine: Engine, scan: Scan): string | null {
  const facts = engine.release.personFacts().get(scan.person) ?? {};
  const named = Object.entries(facts).find(([column]) => /^(site|center|centre)(_id)?$/i.test(column))?.[1];
  if (named !== undefined && named !== null) return named;
  const {
    Manufacturer: maker,
    ManufacturersModelName: model,
    MagneticFieldStrength: tesla,
  } = scan.sidecar ?? {};
  const parts = [maker, model, typeof tesla === 'number' ? `${tesla} T` : null].filter(
    (part) => typeof part === 'string',
  );
  return parts.length === 0 ? null : parts.join(' ');
}

export const toModelRow = ({
  id,
  name,
  criterion,
  hash,
  source,
  inUse,
  tested,
}: StudyTriageModel): TriageModelRow => ({
  id,
  name,
  criterion,
  hash,
  source,
  inUse,
  tested: tested.length,
  persons: new Set(tested.map(({ person }) => person)).size,
  insufficient: tested.filter(({ label }) => label === 1).length,
});
