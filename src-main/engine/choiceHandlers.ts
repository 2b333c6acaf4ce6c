import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { choiceCalls } from '../../src-shared/api/choiceCalls.ts';
import type { Criterion } from '../../src-shared/rating/verdict.ts';
import { toolResults } from '../../src-shared/release/toolResults.ts';
import { canonicalJson } from '../../src-shared/domain/provenance.ts';
import type { ToolSettings } from '../tools/tool.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';
import { processScan, type Chosen } from './processScan.ts';
import { runTriage, type TriageSettings } from './runTriage.ts';
import { scanChoices, triedDefacings } from './scanChoices.ts';
import { triageModel } from './triageModels.ts';
import { writeTables } from './writeTables.ts';

interface FallbackPlan {
  readonly criterion: Criterion;
  readonly chain: readonly Chosen[];
  readonly modelId: string | null;
  readonly alsoWaiting: boolean;
  /** Account of whoever started it. */
  readonly by: string | null;
}

/** The calls that settle which defacing of a scan is used. */
export function choiceHandlersOf(
  engine: Engine,
  chosenTool: (id: string, settings: ToolSettings) => Chosen,
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
    'choices.fallback': ({ criterion, steps, modelId = null, alsoWaiting }, caller) => {
      const chain = steps.map(({ tool, settings }) => chosenTool(tool, settings));
      const plan = { criterion, chain, modelId, alsoWaiting, by: caller.person?.id ?? null };
      return { jobId: jobs.start('main', { fallback: steps }, (job) => fallback(engine, plan, job)) };
    },
  };
}

/** Step by step: scans of which everything failed get the next one, and triage says whether it passes. */
async function fallback(engine: Engine, plan: FallbackPlan, job: JobContext): Promise<void> {
  const { criterion, chain, modelId, alsoWaiting, by } = plan;
  const model = modelId === null ? null : triageModel(engine, modelId);
  for (const chosen of chain) {
    const waiting = scanChoices(engine, criterion).filter(
      ({ scanId, state }) =>
        (state === 'failed' || (alsoWaiting && state === 'waits')) && isNew(engine, scanId, chosen),
    );
    const report = (done: number, message: string): void =>
      job.report({ phase: 'process', done, total: waiting.length, message });
    report(0, '');
    for (const [n, { scanId }] of waiting.entries()) {
      job.signal.throwIfAborted();
      const scan = engine.scans.byId(scanId);
      if (scan !== null) await processScan(engine, scan, [chosen], job, { retry: true, ladder: true });
      report(n + 1, scan?.relativePath ?? '');
    }
    if (model !== null && waiting.length > 0) runTriage(engine, model, settingsLike(engine, model.id), by);
  }
  await writeTables(engine);
}

/** Whether a scan has not had this tool with these settings. */
function isNew({ derived }: Engine, scanId: string, { tool, settings }: Chosen): boolean {
  const known = derived.defacing(scanId, tool.id);
  return known === null || canonicalJson(known.provenance.settings) !== canonicalJson(settings);
}

/** As the model decided last; as the screen begins where it never did. */
function settingsLike({ triage }: Engine, modelId: string): TriageSettings {
  const last = triage.runs().find(({ settings }) => settings.modelId === modelId);
  const asShipped = { alpha: 0.05, delta: 0.05, alphaFail: 0.05, seed: 1, auditShare: 0.05, auditLeast: 5, brainLookMl: 1, brainFailMl: 5 }; // prettier-ignore
  if (last === undefined) return asShipped;
  const known = last.settings as unknown as TriageSettings;
  return {
    alpha: known.alpha,
    delta: known.delta,
    alphaFail: known.alphaFail,
    seed: known.seed,
    auditShare: known.auditShare,
    auditLeast: known.auditLeast,
    brainLookMl: known.brainLookMl,
    brainFailMl: known.brainFailMl,
  };
}
