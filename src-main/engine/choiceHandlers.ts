import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { choiceCalls } from '../../src-shared/api/choiceCalls.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import { toolResults } from '../../src-shared/release/toolResults.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';
import { processScan, type Chosen } from './processScan.ts';
import { runTriage } from './runTriage.ts';
import { scanChoices, triedDefacings } from './scanChoices.ts';
import { triageModel } from './triageModels.ts';
import { writeTables } from './writeTables.ts';

/** The calls that settle which defacing of a scan is used. */
export function choiceHandlersOf(
  engine: Engine,
  chosenTool: (id: string) => Chosen,
): HandlersOf<typeof choiceCalls> {
  const { release, derived, records, clock, jobs } = engine;
  const record = (kind: string, body: object, caller: Caller): void => {
    records.append({ kind, accountId: caller.person?.id ?? null, at: clock.now(), body });
  };
  return {
    'choices.list': ({ criterion }) => scanChoices(engine, criterion),
    'choices.choose': (choice, caller) => {
      if (derived.defacingById(choice.defacingId)?.scanId !== choice.scanId)
        throw new AppError('defacing-missing', 'There is no such defacing in this study.', {
          ...choice,
          name: '',
        });
      release.atOnce(() => {
        release.choose({ ...choice, at: clock.now() });
        record('defacing-chosen', choice, caller);
      });
      return null;
    },
    'choices.clear': ({ scanId }, caller) => {
      release.atOnce(() => {
        release.unchoose(scanId);
        record('choice-cleared', { scanId }, caller);
      });
      return null;
    },
    'choices.success': ({ criterion }) => toolResults(triedDefacings(engine, criterion)),
    'choices.fallback': ({ criterion, tools, modelId = null }, caller) => {
      const chain = tools.map(chosenTool);
      return {
        jobId: jobs.start('main', { fallback: tools }, (job) =>
          fallback(engine, { criterion, chain, modelId, by: caller.person?.id ?? null }, job),
        ),
      };
    },
  };
}

/** Tool by tool: scans without a defacing that passes get the next one they have not had. */
async function fallback(
  engine: Engine,
  {
    criterion,
    chain,
    modelId,
    by,
  }: { criterion: Criterion; chain: readonly Chosen[]; modelId: string | null; by: string | null },
  job: JobContext,
): Promise<void> {
  const model = modelId === null ? null : triageModel(engine, modelId);
  for (const chosen of chain) {
    const waiting = scanChoices(engine, criterion).filter(
      ({ used, candidates }) => used === null && !candidates.some(({ tool }) => tool === chosen.tool.id),
    );
    let done = 0;
    for (const { scanId } of waiting) {
      job.signal.throwIfAborted();
      const scan = engine.scans.byId(scanId);
      if (scan !== null) await processScan(engine, scan, [chosen], job, { retry: false, ladder: true });
      job.report({
        phase: 'process',
        done: ++done,
        total: waiting.length,
        message: scan?.relativePath ?? '',
      });
    }
    if (model !== null && waiting.length > 0)
      runTriage(engine, model, { alpha: 0.05, delta: 0.05, alphaFail: 0.05, seed: 1, auditShare: 0.05, auditLeast: 5, brainLookMl: 1, brainFailMl: 5 }, by); // prettier-ignore
  }
  await writeTables(engine);
}
