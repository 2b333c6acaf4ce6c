import { AppError } from '../../src-shared/api/appError.ts';
import type { DefacingFacts, DriftState, NextRow, TriageRow } from '../../src-shared/api/triageCalls.ts';
import { survivingOf } from '../../src-shared/features/regionFeatures.ts';
import { scoreDefacing, type ScorableDefacing } from '../../src-shared/model/scoreDefacing.ts';
import type { TrainedModel } from '../../src-shared/model/trainedModel.ts';
import { drift, leastPersons, type Measured } from '../../src-shared/triage/drift.ts';
import { nextToRate } from '../../src-shared/triage/nextToRate.ts';
import type { TriageRunRow, TriageVerdictRow } from '../store/triage.ts';
import type { Engine } from './engine.ts';
import { featuresOf } from './featuresOf.ts';
import { decidedLabel, labelsOfStudy } from './labelsOfStudy.ts';
import { siteOf, triageModel } from './triageModels.ts';

function factsOf(
  engine: Engine,
  defacingId: string,
  verdicts: ReadonlyMap<string, TriageVerdictRow>,
): DefacingFacts {
  const { derived, scans } = engine;
  const defacing = derived.defacingById(defacingId);
  const scan = scans.byId(defacing?.scanId ?? '');
  const values = Object.fromEntries(
    derived.features(defacingId).map(({ feature, value }) => [feature, value]),
  );
  const said = verdicts.get(defacingId);
  return {
    defacingId,
    scanId: scan?.id ?? '',
    scan: scan?.name ?? '',
    person: scan?.person ?? '',
    tool: defacing?.tool ?? '',
    contrast: scan?.modality ?? '',
    site: scan === null ? null : siteOf(engine, scan),
    regions: survivingOf(values),
    brainLossMl: values.brain_loss_ml ?? null,
    headLossPct: values.head_loss_pct ?? null,
    said:
      said === undefined
        ? null
        : {
            verdict: said.verdict,
            brainCut: said.brainCut,
            name: said.name,
            note: said.note,
            at: said.at,
          },
  };
}

/** Items with what people said since; those that need a look are numbered, dearest first, the audit behind them. */
export function itemsOf(engine: Engine, run: TriageRunRow): TriageRow[] {
  const { triage, derived } = engine;
  const labels = labelsOfStudy(engine, run.criterion);
  const verdicts = triage.verdicts();
  const rows = triage.items(run.id).map(({ imageSha256, score, ...item }) => {
    const { defacingId } = item;
    const path = derived.defacingById(defacingId)?.path;
    const image = derived.outputs(`defacing ${defacingId}`).find((output) => output.path === path);
    return {
      ...item,
      ...factsOf(engine, defacingId, verdicts),
      probability: score,
      label: decidedLabel(labels.get(defacingId)),
      stale: (image?.sha256 ?? '') !== imageSha256,
    };
  });
  const waits = (row: (typeof rows)[number]): boolean =>
    row.label === null && (row.decision === 'review' || row.decision === 'hold' || row.audit);
  const queue = [
    ...rows.filter((row) => waits(row) && !row.audit),
    ...rows.filter((row) => waits(row) && row.audit),
  ];
  const places = new Map(queue.map(({ defacingId }, n) => [defacingId, n + 1]));
  return rows.map((row) => ({ ...row, place: places.get(row.defacingId) ?? null }));
}

/** Whom to ask next: defacings nobody has labelled, placed among the model's features in units of its training spread. */
export function nextOf(engine: Engine, modelId: string, count: number): NextRow[] {
  const { model, criterion } = triageModel(engine, modelId);
  const labels = labelsOfStudy(engine, criterion);
  const { mean, scale, fill } = model.pipeline.preprocessing;
  const open = engine.derived
    .defacings()
    .filter(({ id, path }) => path !== null && decidedLabel(labels.get(id)) === null);
  const readFeatures = featuresOf(engine);
  const ratable = open.map(({ id, scanId, tool }) => {
    const features = readFeatures({ id, scanId });
    const values = new Map(features.map(({ feature, value }) => [feature, value]));
    const scan = engine.scans.byId(scanId);
    return {
      defacingId: id,
      person: scan?.person ?? '',
      probability: probabilityOf(model, { features, tool, contrast: scan?.modality ?? '' }),
      position: model.features.map(
        (feature, j) => ((values.get(feature.id) ?? fill[j]) - mean[j]) / scale[j],
      ),
    };
  });
  const verdicts = engine.triage.verdicts();
  const scores = new Map(ratable.map(({ defacingId, probability }) => [defacingId, probability]));
  return nextToRate(ratable, count).map((id) => ({
    ...factsOf(engine, id, verdicts),
    probability: scores.get(id) ?? null,
  }));
}

/** null where the model can not score it. */
function probabilityOf(model: TrainedModel, defacing: ScorableDefacing): number | null {
  try {
    return scoreDefacing(model, defacing).probability;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Whether what a run decided on differs from what its model was tested on; `new` leaves out persons it was tested on. */
export function driftOf(engine: Engine, run: TriageRunRow, batch: 'new' | 'all'): DriftState {
  const { model, tested, source } = triageModel(engine, run.settings.modelId);
  // A model from a file names nobody, so everybody here counts as new.
  const known = new Set(source === 'study' ? tested.map(({ person }) => person) : []);
  const items = itemsOf(engine, run).filter(({ person }) => batch === 'all' || !known.has(person));
  const ids = [
    ...model.features.map(({ id }) => id).filter((id) => !id.startsWith('method_')),
    'probability',
  ];
  const before = Object.fromEntries(ids.map((id): [string, Measured[]] => [id, []]));
  const now = Object.fromEntries(ids.map((id): [string, Measured[]] => [id, []]));
  for (const { person, probability, values } of tested) {
    before.probability.push({ person, value: probability });
    for (const [j, { id }] of model.features.entries()) {
      const value = values[j];
      if (value !== null && Object.hasOwn(before, id)) before[id].push({ person, value });
    }
  }
  const readFeatures = featuresOf(engine);
  for (const { defacingId, scanId, person, probability } of items) {
    if (probability !== null) now.probability.push({ person, value: probability });
    for (const { feature, value } of readFeatures({ id: defacingId, scanId }))
      if (value !== null && Object.hasOwn(now, feature)) now[feature].push({ person, value });
  }
  return {
    findings: drift(before, now),
    personsBefore: new Set(tested.map(({ person }) => person)).size,
    personsNow: new Set(items.map(({ person }) => person)).size,
    least: leastPersons,
  };
}
