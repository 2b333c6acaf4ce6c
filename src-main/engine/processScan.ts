import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { features } from '../../src-shared/features/features.ts';
import { outcomesWithDefacing, type Outcome } from '../../src-shared/domain/outcome.ts';
import { defacingPaths, viewsFolder } from '../../src-shared/domain/outputNames.ts';
import { deidentificationClaims } from '../../src-shared/domain/deidentificationClaims.ts';
import type { InputFacts, Provenance } from '../../src-shared/domain/provenance.ts';
import type { Defacing, OutputFile, Prepared, Scan } from '../../src-shared/domain/study.ts';
import { findBrainMask } from '../files/findBrainMask.ts';
import { sha256 } from '../files/hash.ts';
import { readBytes } from '../files/readBytes.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import type { BuiltInTool, ToolSettings } from '../tools/tool.ts';
import type { DefaceResult } from '../workers/finishDefacing.ts';
import type { DefaceData } from '../workers/tasks/deface.ts';
import type { MeasureData, MeasureResult } from '../workers/tasks/measure.ts';
import type { PrepareData, PrepareResult } from '../workers/tasks/prepare.ts';
import type { Engine } from './engine.ts';
import { defaceByProgram, doneT1 } from './defaceByProgram.ts';
import { inputKeyOf, keyPart } from './inputKey.ts';
import { measurePredictors, wantedGroups } from './measurePredictors.ts';
import { prepareVersion, viewsVersion } from './versions.ts';

export interface Chosen {
  readonly tool: BuiltInTool | ProgramTool;
  readonly settings: ToolSettings;
}

/** How a run deals with what went wrong before. */
export interface Insistence {
  /** Do cells again whose outcome was a failure. */
  readonly retry: boolean;
  /** Where a tool fails, try its other settings in turn. */
  readonly ladder: boolean;
}

/** Outcomes that say something of the scan, and stay until something changes. */
const settled: readonly Outcome[] = ['done', 'brain-cut', 'nothing-removed'];
/** Outcomes that say something of the machine or the moment, and are tried again every time. */
const passing: readonly Outcome[] = [
  'tool-missing',
  'atlas-missing',
  'licence-missing',
  'timed-out',
  'killed',
  'cancelled',
];

/** Errors after which nothing else can succeed either: the job stops. All others concern one step of one scan. */
const fatal = new Set(['disk-full', 'folder-forbidden', 'workers-closed']);

/**
 * Everything for one scan, step by step: prepare, one step a tool, measure. A step whose row has the key of today's inputs,
 * settings and versions, and whose files are there, is kept. A step that fails is recorded and the rest goes on.
 */
export async function processScan(
  engine: Engine,
  scan: Scan,
  chosen: readonly Chosen[],
  job: JobContext,
  insistence: Insistence,
): Promise<void> {
  const prepared = await step(engine, job, scan.id, 'prepare', (signal) => prepareScan(engine, scan, signal));
  if (prepared === null) return;
  const made: Defacing[] = [];
  for (const one of chosen) {
    const defacing = await step(engine, job, scan.id, `deface ${one.tool.id}`, (signal, onProgress) =>
      defaceScan(engine, scan, prepared, one, { signal, insistence, onProgress }),
    );
    if (defacing !== null) made.push(defacing);
  }
  if (made.every(({ path }) => path === null)) return;
  await step(engine, job, scan.id, 'measure', (signal) => measureScan(engine, scan, prepared, made, signal));
  await predictorStep(engine, scan, prepared, made, job);
}

/** The predictors that the settings of the study switch on; no step where none are. */
async function predictorStep(
  engine: Engine,
  scan: Scan,
  prepared: Prepared,
  made: readonly Defacing[],
  job: JobContext,
): Promise<void> {
  if (wantedGroups(engine).length === 0) return;
  await step(engine, job, scan.id, 'predictors', async (signal) => ({
    value: null,
    ...(await measurePredictors(engine, scan, prepared, made, signal)),
  }));
}

/** What a defacing made elsewhere needs beyond being there: its original prepared, its views and measurements. */
export async function measureGiven(
  engine: Engine,
  scan: Scan,
  defacing: Defacing,
  job: JobContext,
): Promise<void> {
  if (defacing.path === null) return;
  const prepared = await step(engine, job, scan.id, 'prepare', (signal) => prepareScan(engine, scan, signal));
  if (prepared === null) return;
  await step(engine, job, scan.id, `measure ${defacing.tool}`, (signal) =>
    measureScan(engine, scan, prepared, [defacing], signal),
  );
  await predictorStep(engine, scan, prepared, [defacing], job);
}

interface StepResult<T> {
  readonly value: T;
  readonly kept: boolean;
}

async function step<T>(
  engine: Engine,
  job: JobContext,
  subject: string,
  name: string,
  work: (signal: AbortSignal, report: (progress: number) => void) => Promise<StepResult<T>>,
): Promise<T | null> {
  await job.gate();
  job.signal.throwIfAborted();
  const started = engine.clock.milliseconds();
  const cell = engine.cells.begin(subject, name);
  const signal = AbortSignal.any([job.signal, cell.signal]);
  try {
    signal.throwIfAborted();
    const { value, kept } = await work(signal, cell.report);
    const durationMs = engine.clock.milliseconds() - started;
    job.addStep({
      subject,
      step: name,
      state: kept ? 'kept' : 'done',
      code: null,
      message: null,
      durationMs,
    });
    return value;
  } catch (error) {
    if (job.signal.aborted) throw error;
    const code = error instanceof AppError ? error.code : 'unexpected';
    const message =
      error instanceof AppError
        ? error.message
        : 'Something went wrong that should not. The log of the study says more.';
    if (fatal.has(code)) throw error;
    const durationMs = engine.clock.milliseconds() - started;
    job.addStep({ subject, step: name, state: 'failed', code, message, durationMs });
    engine.log('step-failed', { scan: subject, step: name, code, ...detailOf(error) });
    return null;
  } finally {
    cell.end();
  }
}

const detailOf = (error: unknown): Record<string, unknown> =>
  error instanceof AppError ? {} : { detail: error instanceof Error ? error.stack : String(error) };

async function prepareScan(engine: Engine, scan: Scan, signal: AbortSignal): Promise<StepResult<Prepared>> {
  const { derived, store, pool, anatomies } = engine;
  const ownBrainPath = await findBrainMask(scan.path);
  const facts: InputFacts = {
    inputs: {
      scan: scan.fileHash,
      ownBrain: ownBrainPath === null ? null : sha256(await readBytes(ownBrainPath)),
      template: await engine.templateHash(),
    },
    maker: 'prepare',
    makerVersion: `${prepareVersion}.${viewsVersion}`,
    settings: {},
    seed: null,
  };
  const inputKey = inputKeyOf(facts);
  const known = derived.prepared(scan.id);
  if (known?.inputKey === inputKey && (await allThere(engine, derived.outputs(`prepared ${scan.id}`)))) {
    return { value: known, kept: true };
  }
  const data: PrepareData = {
    studyFolder: store.folder,
    scanPath: scan.path,
    name: scan.name,
    ownBrainPath,
    deidentificationCodes: deidentificationClaims(scan.sidecar),
  };
  const timed = engine.timed();
  const { files, fingerprint, ...found } = (await pool.run('prepare', data, { signal })) as PrepareResult;
  const row: Prepared = { scanId: scan.id, inputKey, ...found, provenance: timed(facts) };
  store.atOnce(() => {
    derived.savePrepared(row, files);
    anatomies.save(scan.id, fingerprint);
  });
  return { value: row, kept: false };
}

/** Of a mask carried over from the T1 of the session: that T1 and its mask, so that the cell follows when they change. */
function carriedInputs(engine: Engine, scan: Scan, tool: ProgramTool): Record<string, string | null> {
  const t1 = tool.needsT1 && scan.modality !== 'T1w' ? doneT1(engine, { scan, tool }) : null;
  if (t1 === null) return {};
  const files = engine.derived.outputs(`defacing ${t1.defacing.id}`);
  const mask = files.find(({ path }) => path === t1.defacing.maskPath);
  return { t1: t1.t1.fileHash, t1Mask: mask?.sha256 ?? null };
}

async function defaceScan(
  engine: Engine,
  scan: Scan,
  prepared: Prepared,
  { tool, settings }: Chosen,
  {
    signal,
    insistence,
    onProgress,
  }: { signal: AbortSignal; insistence: Insistence; onProgress: (fraction: number) => void },
): Promise<StepResult<Defacing>> {
  const { derived, store, pool } = engine;
  const facts: InputFacts = {
    inputs: {
      scan: scan.fileHash,
      brain: prepared.brain.sha256,
      brainVerdict: String(prepared.brain.plausible),
      registration:
        tool.kind === 'built-in' && tool.needsRegistration ? keyPart(prepared.registration) : null,
      ...(tool.kind === 'program' && carriedInputs(engine, scan, tool)),
    },
    maker: tool.id,
    makerVersion: tool.kind === 'built-in' ? tool.version : await engine.programs.versionOf(tool),
    settings,
    seed: null,
  };
  const inputKey = inputKeyOf(facts);
  const id = derived.defacingId(scan.id, tool.id);
  const known = derived.defacing(scan.id, tool.id);
  const again =
    known !== null &&
    (passing.includes(known.outcome) || (insistence.retry && !settled.includes(known.outcome)));
  if (!again && known?.inputKey === inputKey && (await allThere(engine, derived.outputs(`defacing ${id}`)))) {
    return { value: known, kept: true };
  }
  const paths = defacingPaths(scan.name, tool.id);
  const builtInData = (builtIn: BuiltInTool): DefaceData => ({
    studyFolder: store.folder,
    scanPath: scan.path,
    tool: {
      id: builtIn.id as DefaceData['tool']['id'],
      title: builtIn.title,
      version: builtIn.version,
      needsBrain: builtIn.needsBrain,
    },
    settings,
    brain: prepared.brain,
    registration: prepared.registration,
    paths,
    sidecar: scan.sidecar,
  });
  const timed = engine.timed();
  const made =
    tool.kind === 'built-in'
      ? {
          ...((await pool.run('deface', builtInData(tool), { signal })) as DefaceResult),
          run: null,
          raw: null,
        }
      : await defaceByProgram(engine, {
          scan,
          prepared,
          tool,
          settings,
          paths,
          insistence,
          signal,
          onProgress,
        });
  const { files, proof, run, raw, ...result } = made;
  const exists = outcomesWithDefacing.includes(result.outcome);
  const row: Defacing = {
    id,
    scanId: scan.id,
    tool: tool.id,
    inputKey,
    ...result,
    proof: proof === null ? null : { ...proof },
    path: exists ? paths.image : null,
    maskPath: exists ? paths.mask : null,
    provenance: { ...timed(facts), ...run },
  };
  derived.saveDefacing(row, files, raw);
  return { value: row, kept: false };
}

async function measureScan(
  engine: Engine,
  scan: Scan,
  prepared: Prepared,
  defacings: readonly Defacing[],
  signal: AbortSignal,
): Promise<StepResult<null>> {
  const { derived, store, pool } = engine;
  const pending: { defacing: Defacing; facts: InputFacts; inputKey: string }[] = [];
  for (const defacing of defacings) {
    if (defacing.path === null) continue;
    const [image] = derived.outputs(`defacing ${defacing.id}`).filter(({ path }) => path === defacing.path);
    const facts: InputFacts = {
      inputs: {
        scan: scan.fileHash,
        defaced: image.sha256,
        brain: prepared.brain.sha256,
        frame: keyPart(prepared.frame),
        registration: keyPart(prepared.registration),
      },
      maker: 'measure',
      makerVersion: viewsVersion,
      settings: { features: Object.fromEntries(features.map(({ id, version }) => [id, version])) },
      seed: null,
    };
    const inputKey = inputKeyOf(facts);
    const kept =
      derived.measuredKey(defacing.id) === inputKey &&
      (await allThere(engine, derived.outputs(`measured ${defacing.id}`)));
    if (!kept) pending.push({ defacing, facts, inputKey });
  }
  if (pending.length === 0) return { value: null, kept: true };
  const data: MeasureData = {
    studyFolder: store.folder,
    scanPath: scan.path,
    brainPath: prepared.brain.path,
    frame: prepared.frame,
    registration: prepared.registration,
    originalViews: viewsFolder(scan.name),
    defacings: pending.map(({ defacing: { id, path, tool } }) => ({
      id,
      path: path ?? '',
      views: viewsFolder(scan.name, tool),
    })),
  };
  const timed = engine.timed();
  const results = (await pool.run('measure', data, { signal })) as MeasureResult[];
  for (const { id, features: values, files } of results) {
    const one = pending.find(({ defacing }) => defacing.id === id);
    if (one === undefined) continue;
    const provenance: Provenance = timed(one.facts);
    derived.saveMeasurement({ defacingId: id, inputKey: one.inputKey, provenance }, values, files);
  }
  return { value: null, kept: false };
}

/** Whether the files are there in full length. Their content is for `verify`. */
async function allThere({ store }: Engine, files: readonly OutputFile[]): Promise<boolean> {
  for (const { path, bytes } of files) {
    const size = await stat(join(store.folder, path)).then(
      (facts) => facts.size,
      () => -1,
    );
    if (size !== bytes) return false;
  }
  return true;
}
