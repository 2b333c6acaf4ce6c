import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { TriageRun, triageCalls } from '../../src-shared/api/triageCalls.ts';
import { itemsNeeded } from '../../src-shared/stats/learnThenTest.ts';
import { auditSample, auditState } from '../../src-shared/triage/auditSample.ts';
import { riskCoverage, scoreBins } from '../../src-shared/triage/riskCoverage.ts';
import { riskStatement } from '../../src-shared/triage/riskStatement.ts';
import type { TriageDecision } from '../../src-shared/triage/triageDecision.ts';
import { packTriageModel } from '../../src-shared/triage/triageModel.ts';
import type { TriageRunRow } from '../store/triage.ts';
import type { Engine } from './engine.ts';
import { decidedLabel, labelsOfStudy } from './labelsOfStudy.ts';
import { matchGiven } from './matchGiven.ts';
import { runTriage, sentenceOf } from './runTriage.ts';
import { takeGiven } from './takeGiven.ts';
import { driftOf, itemsOf, nextOf } from './triageItems.ts';
import { addTriageModel, findModels, toModelRow, triageModel, triageModels } from './triageModels.ts';

/** The calls of triage. */
export function triageHandlersOf(engine: Engine): HandlersOf<typeof triageCalls> {
  const { triage, derived, records, clock, jobs } = engine;
  return {
    'triage.models': () => triageModels(engine).map(toModelRow),
    'triage.findModels': ({ folder }) => findModels(folder),
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
      const upper = statement.upper.kind === 'threshold' ? statement.upper.threshold : null;
      return {
        statement,
        curve: riskCoverage(model.tested, { delta: request.delta, seed: request.seed, upper }),
        bins: scoreBins(model.tested),
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
    'triage.drift': ({ runId, batch }) => driftOf(engine, runOf(engine, runId), batch),
    'triage.audit': ({ runId }) => {
      const run = runOf(engine, runId);
      const audited = itemsOf(engine, run).filter(({ audit }) => audit);
      const { alpha, delta } = run.statement;
      const state = auditState(audited, delta);
      return { ...state, needed: itemsNeeded(alpha, delta, state.k) };
    },
    'triage.drawAudit': ({ runId, count }, caller) => {
      const run = runOf(engine, runId);
      const items = triage.items(run.id);
      const labels = labelsOfStudy(engine, run.criterion);
      const open = items.filter(
        ({ decision, audit, defacingId }) =>
          decision === 'pass' && !audit && decidedLabel(labels.get(defacingId)) === null,
      );
      const drawnBefore = items.filter(({ audit }) => audit).length;
      // Another draw of the same run is another stream of its seed.
      const seed = (run.statement.seed + drawnBefore) % 2 ** 32;
      const drawn = [
        ...auditSample(
          open.map(({ defacingId }) => defacingId),
          { share: 0, least: count, seed },
        ),
      ];
      triage.atOnce(() => {
        triage.drawAudit(run.id, drawn);
        records.append({
          kind: 'audit-drawn',
          accountId: caller.person?.id ?? null,
          at: clock.now(),
          body: { run: run.id, drawn: drawn.length, seed },
        });
      });
      return { drawn: drawn.length };
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
    'triage.matchGiven': (folders) => matchGiven(engine, folders),
    'triage.takeGiven': ({ originals, defaced, label, leaveOut }) => ({
      jobId: jobs.start('main', { given: true, label }, (job) =>
        takeGiven(engine, { originals, defaced, label, leaveOut: new Set(leaveOut) }, job),
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
