import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { contract } from '../../src-shared/api/contract.ts';
import { features } from '../../src-shared/features/features.ts';
import type { Outcome } from '../../src-shared/domain/outcome.ts';
import type { ToolSettings } from '../tools/tool.ts';
import { batchHandlers } from './batchHandlers.ts';
import { dicomHandlers } from './dicomHandlers.ts';
import type { Engine } from './engine.ts';
import { importHandlers } from './importHandlers.ts';
import { defacingRow } from './defacingRows.ts';
import { suspectedScans } from './findAlike.ts';
import type { Chosen } from './processScan.ts';
import { choiceHandlersOf } from './choiceHandlers.ts';
import { reportHandlersOf } from './reportHandlers.ts';
import { triageHandlersOf } from './triageHandlers.ts';
import { exportHandlersOf } from './exportHandlers.ts';
import { labHandlers } from './labHandlers.ts';
import { agreementHandlers } from './agreementHandlers.ts';
import { backupHandlers } from './backupHandlers.ts';
import { practiceHandlers } from './practiceHandlers.ts';
import { labelHandlers } from './labelHandlers.ts';
import { ratingHandlers } from './ratingHandlers.ts';
import { roundHandlers } from './roundHandlers.ts';
import { verifyRecords } from './verifyRecords.ts';
import { peopleHandlers } from './peopleHandlers.ts';
import { importScans } from './importScans.ts';
import { patternHandlers } from './patternHandlers.ts';
import { personsHandlers } from './personsHandlers.ts';
import { requireSettings, settingsHandlers } from './settingsHandlers.ts';
import { mergeParts } from './mergeParts.ts';
import { runMainJob } from './runMainJob.ts';
import { toolSummaries } from './toolSummaries.ts';
import { verifyStudy } from './verifyStudy.ts';
import { xnatHandlers } from './xnatHandlers.ts';

/** What each call of the contract does. */
export function handlersOf(engine: Engine): HandlersOf<typeof contract> {
  const { scans, derived, jobs, jobRows, store, tools } = engine;
  return {
    ...labHandlers(engine),
    ...peopleHandlers(engine),
    ...exportHandlersOf(engine),
    ...roundHandlers(engine),
    ...ratingHandlers(engine),
    ...labelHandlers(engine),
    ...agreementHandlers(engine),
    ...settingsHandlers(engine),
    ...patternHandlers(engine),
    ...personsHandlers(engine),
    ...triageHandlersOf(engine),
    ...practiceHandlers(engine),
    ...backupHandlers(engine),
    ...choiceHandlersOf(engine, (id, settings) => chosenTool(engine, id, settings)),
    ...reportHandlersOf(engine),
    'study.summary': () => {
      const defacingsByTool: Record<string, Partial<Record<Outcome, number>>> = {};
      for (const { tool, outcome } of derived.defacings()) {
        const counts = (defacingsByTool[tool] ??= {});
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      return {
        studyId: store.studyId,
        software: engine.software,
        scansByState: scans.counts(),
        passedOver: scans.passedOver().length,
        defacingsByTool,
        featureIds: features.map(({ id }) => id),
      };
    },
    'study.verify': async () => ({
      ...(await verifyStudy(store.folder, [...derived.allOutputs()])),
      records: verifyRecords(store),
    }),
    'tools.list': () => toolSummaries(tools, engine.programs, engine.settings()),
    'scans.list': () => scans.list(),
    'scans.passedOver': () => scans.passedOver(),
    'scans.prepared': ({ scanId }) => derived.prepared(scanId),
    'scans.suspected': () => suspectedScans(engine),
    'defacings.list': () => derived.defacings().map((defacing) => defacingRow(engine, defacing)),
    'imports.start': ({ input }) => ({
      jobId: jobs.start('main', { import: true }, (job) => importScans(engine, input, job)),
    }),
    'runs.start': ({
      input = null,
      tools: ids,
      settings = {},
      retry = false,
      ladder = false,
      skipMissing = false,
      takeUp4d,
      takeUpWithoutOrientation,
    }) => {
      // They stay taken up, so the wish is one of the study.
      if (takeUp4d !== undefined || takeUpWithoutOrientation !== undefined)
        engine.settingRows.save({
          ...engine.settingRows.read(),
          ...(takeUp4d !== undefined && { takeUp4d }),
          ...(takeUpWithoutOrientation !== undefined && { takeUpWithoutOrientation }),
        });
      const chosen = ids.map((id) => chosenTool(engine, id, settings[id] ?? {}));
      engine.cells.forgetStops();
      return {
        jobId: jobs.start('main', { tools: ids, settings }, (job) =>
          runMainJob(engine, { input, chosen, insistence: { retry, ladder }, skipMissing }, job),
        ),
      };
    },
    'parts.merge': (folders) => ({
      jobId: jobs.start('main', { merge: true }, (job) => mergeParts(engine, folders, job)),
    }),
    'jobs.list': () => jobRows.list(),
    'jobs.steps': ({ jobId }) => jobRows.steps(jobId),
    'jobs.cancel': ({ jobId }) => ({ cancelled: jobs.cancel(jobId) }),
    'jobs.wait': ({ jobId }) => jobs.wait(jobId),
    ...batchHandlers(engine),
    ...importHandlers(engine),
    ...dicomHandlers(engine),
    ...xnatHandlers(engine),
  };
}

/** A tool with its settings: its own, then what is set for machine and study, then what this run says. */
function chosenTool({ tools, settings: set }: Engine, id: string, settings: ToolSettings): Chosen {
  const tool = tools.find((candidate) => candidate.id === id);
  if (tool === undefined) {
    throw new AppError(
      'tool-unknown',
      `There is no tool named ${JSON.stringify(id)}. There are: ${tools.map((each) => each.id).join(', ')}.`,
      { tool: id },
    );
  }
  const standing = set().tools?.[id]?.settings ?? {};
  requireSettings(tool, standing);
  requireSettings(tool, settings);
  return { tool, settings: { ...tool.defaults, ...standing, ...settings } };
}
