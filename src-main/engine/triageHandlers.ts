import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { TriageRow, TriageRun, triageCalls } from '../../src-shared/api/triageCalls.ts';
import { scoreDefacing, type ScorableDefacing } from '../../src-shared/model/scoreDefacing.ts';
import type { TrainedModel } from '../../src-shared/model/trainedModel.ts';
import { auditState } from '../../src-shared/triage/auditSample.ts';
import { drift, type Measured } from '../../src-shared/triage/drift.ts';
import { nextToRate } from '../../src-shared/triage/nextToRate.ts';
import { riskCurve, riskStatement } from '../../src-shared/triage/riskStatement.ts';
import type { TriageDecision } from '../../src-shared/triage/triageDecision.ts';
import { packTriageModel } from '../../src-shared/triage/triageModel.ts';
import type { TriageRunRow } from '../store/triage.ts';
import type { Engine } from './engine.ts';
import { featuresOf } from './featuresOf.ts';
import { decidedLabel, labelsOfStudy } from './labelsOfStudy.ts';
import { runTriage, sentenceOf } from './runTriage.ts';
import { takeGiven } from './takeGiven.ts';
import { addTriageModel, toModelRow, triageModel, triageModels } from './triageModels.ts';

/** The calls of triage. */
export function triageHandlersOf(engine: Engine): HandlersOf<typeof triageCalls> {
  const { triage, derived, records, clock, jobs } = engine;
  return {
    'triage.models': () => triageModels(engine).map(toModelRow),
    'triage.addModel': async ({ path }) => toModelRow(await addTriageModel(engine, path)),
    'triage.packModel': ({ modelId }) => {
      const model = triageModel(engine, modelId);
      return {
        name: `triage-${model.criterion}-${model.hash.slice(0, 8)}.json`,
        text: packTriageModel(model),
      };
    },
    'triage.statement': ({ modelId, ...request }) => {
      const model = triageModel(engine, modelId);
      const statement = riskStatement(model.tested, request);
      return {
        statement,
        curve: riskCurve(model.tested, request),
        sentence: sentenceOf(engine, model, statement),
      };
    },
    'triage.start': ({ modelId, ...settings }, caller) => {
      const id = runTriage(engine, triageModel(engine, modelId), settings, caller.person?.id ?? null);
      return toRun(engine, runOf(engine, id));
    },
    'triage.runs': () => triage.runs().map((row) => toRun(engine, row)),
    'triage.items': ({ runId }) => itemsOf(engine, runOf(engine, runId)),
    'triage.next': ({ modelId, count }) => nextOf(engine, modelId, count),
    'triage.drift': ({ runId }) => driftOf(engine, runOf(engine, runId)),
    'triage.audit': ({ runId }) => {
      const run = runOf(engine, runId);
      const audited = itemsOf(engine, run).filter(({ audit }) => audit);
      return auditState(audited, run.statement.delta);
    },
    'triage.review': ({ defacingId, verdict, brainCut, name, note }, caller) => {
      const defacing = derived.defacingById(defacingId);
      if (typeof defacing?.path !== 'string')
        throw new AppError('defacing-missing', 'There is no such defacing in this study.', { defacingId });
      triage.atOnce(() => {
        const at = clock.now();
        // Whoever is signed in says it under that name.
        const given = { defacingId, defacingKey: defacing.inputKey, verdict, brainCut, name: caller.person?.name ?? name, note }; // prettier-ignore
        const seq = records.append({
          kind: 'triage-verdict',
          accountId: caller.person?.id ?? null,
          at,
          body: given,
        });
        triage.putVerdict({ ...given, recordSeq: seq, at });
      });
      return null;
    },
    'triage.takeBack': ({ defacingId }, caller) => {
      const taken = triage.atOnce(() => {
        const was = triage.verdicts().get(defacingId);
        if (was === undefined) return false;
        records.append({
          kind: 'triage-verdict-taken-back',
          accountId: caller.person?.id ?? null,
          at: clock.now(),
          body: { defacingId, of: was.recordSeq },
        });
        return triage.takeBack(defacingId);
      });
      return { taken };
    },
    'triage.takeGiven': ({ originals, defaced, label }) => ({
      jobId: jobs.start('main', { given: true, label }, (job) =>
        takeGiven(engine, { originals, defaced, label }, job),
      ),
    }),
  };
}

function runOf({ triage }: Engine, runId: number): TriageRunRow {
  const run = triage.runs().find(({ id }) => id === runId);
  if (run !== undefined) return run;
  throw new AppError('triage-missing', 'There is no such triage run in this study.', { runId });
}

function toRun({ triage }: Engine, row: TriageRunRow): TriageRun {
  const counts: Record<TriageDecision, number> = { pass: 0, fail: 0, review: 0, hold: 0 };
  const items = triage.items(row.id);
  for (const { decision } of items) counts[decision]++;
  const { modelId, modelName, sentence } = row.settings;
  return {
    id: row.id,
    modelId,
    modelHash: row.modelHash,
    modelName,
    criterion: row.criterion,
    statement: row.statement,
    sentence,
    counts,
    decided: { k: counts.pass + counts.fail, n: items.length },
    audited: items.filter(({ audit }) => audit).length,
    at: row.at,
  };
}

/** Items with what people said since; those that need a look are numbered, dearest first, the audit behind them. */
function itemsOf(engine: Engine, run: TriageRunRow): TriageRow[] {
  const { triage, derived, scans } = engine;
  const labels = labelsOfStudy(engine, run.criterion);
  const rows = triage
    .items(run.id)
    .map(({ defacingId, imageSha256, score, decision, reasons, cost, audit }) => {
      const defacing = derived.defacingById(defacingId);
      const scan = scans.byId(defacing?.scanId ?? '');
      const image = derived.outputs(`defacing ${defacingId}`).find(({ path }) => path === defacing?.path);
      return {
        defacingId,
        scanId: scan?.id ?? '',
        scan: scan?.name ?? '',
        person: scan?.person ?? '',
        tool: defacing?.tool ?? '',
        contrast: scan?.modality ?? '',
        probability: score,
        decision,
        reasons,
        cost,
        audit,
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

/** Defacings nobody has labelled, with their place among the model's features in units of its training spread. */
function nextOf(engine: Engine, modelId: string, count: number): readonly string[] {
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
  return nextToRate(ratable, count);
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

function driftOf(engine: Engine, run: TriageRunRow): ReturnType<typeof drift> {
  const { model, tested } = triageModel(engine, run.settings.modelId);
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
  for (const { defacingId, person, probability } of itemsOf(engine, run)) {
    if (probability !== null) now.probability.push({ person, value: probability });
    for (const { feature, value } of engine.derived.features(defacingId))
      if (value !== null && Object.hasOwn(now, feature)) now[feature].push({ person, value });
  }
  return drift(before, now);
}
