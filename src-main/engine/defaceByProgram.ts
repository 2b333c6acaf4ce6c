import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { carryMask } from '../../src-shared/defacers/carryMask.ts';
import { outcomesWithDefacing, type Outcome } from '../../src-shared/domain/outcome.ts';
import { viewsFolder, type OutputPaths } from '../../src-shared/domain/outputNames.ts';
import type { Provenance } from '../../src-shared/domain/provenance.ts';
import type { Defacing, Prepared, RawOutput, Scan } from '../../src-shared/domain/study.ts';
import type { Volume } from '../../src-shared/volume/volume.ts';
import { readMask, readShown } from '../files/readVolume.ts';
import { writeImage } from '../files/writeNiftiFile.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import { runTool, type ToolRun, type ToolRunInput } from '../tools/runTool.ts';
import type { ToolSettings } from '../tools/tool.ts';
import type { DefaceResult } from '../workers/finishDefacing.ts';
import type { MeasuredRaw } from '../store/derived.ts';
import type { MeasureRawData } from '../workers/tasks/measureRaw.ts';
import { viewsVersion } from './versions.ts';
import type { ApplyMaskData } from '../workers/tasks/applyMask.ts';
import type { Engine } from './engine.ts';
import type { Insistence } from './processScan.ts';

export interface ProgramCell {
  readonly scan: Scan;
  readonly prepared: Prepared;
  readonly tool: ProgramTool;
  readonly settings: ToolSettings;
  readonly paths: OutputPaths;
  readonly insistence: Insistence;
  readonly signal: AbortSignal;
  /** Told how far the program is, 0 to 1, as far as it says. */
  readonly onProgress?: (fraction: number) => void;
}

type ProgramResult = DefaceResult & {
  /** What only a started program has to tell. */
  readonly run: Pick<Provenance, 'command' | 'logPath' | 'peakMemoryBytes'> | null;
  /** What it wrote itself, measured; null where there is no defacing. */
  readonly raw: MeasuredRaw | null;
};

/**
 * One cell of the matrix by a program of others. A tool made for T1 does not run on another contrast where the same
 * session has a T1 that it did well: that mask is carried over by a rigid registration. What the program left becomes a
 * mask; our own step applies it. A program ended by `signal` leaves nothing behind.
 */
export async function defaceByProgram(engine: Engine, cell: ProgramCell): Promise<ProgramResult> {
  const { scan, tool } = cell;
  const workFolder = join(engine.store.folder, 'work', `${scan.id}_${tool.id}`);
  try {
    if (tool.needsT1 && scan.modality !== 'T1w') {
      const t1 = doneT1(engine, cell);
      if (t1 !== null) return await carried(engine, cell, t1, workFolder);
    }
    return await climbed(engine, cell, workFolder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** One run of the program, with settings of one rung of its ladder. */
interface Rung {
  readonly run: ToolRun;
  readonly settings: ToolSettings;
  /** Below the study folder. */
  readonly logPath: string;
  readonly folder: string;
}

/**
 * The settings asked for, then with `ladder` the tool's others in turn until one ends as done. The best rung counts, not
 * the last: done before brain cut before nothing removed before failures, among equals the one that took least of the
 * brain, then the earlier. All of them are told.
 */
async function climbed(engine: Engine, cell: ProgramCell, workFolder: string): Promise<ProgramResult> {
  const { prepared, scan, tool, signal } = cell;
  const volume = await readShown(scan.path);
  const usable = prepared.brain.path !== null && prepared.brain.plausible;
  const brain = usable ? await readMask(join(engine.store.folder, prepared.brain.path), volume) : undefined;
  if (tool.needs.brain && brain === undefined) return without('brain-mask-missing', prepared.brain.reason);
  const tried: Rung[] = [];
  for (const [n, settings] of [{}, ...(cell.insistence.ladder ? tool.retries : [])].entries()) {
    signal.throwIfAborted();
    const rung = { settings: { ...cell.settings, ...settings }, folder: join(workFolder, String(n)) };
    const logPath = `logs/tools/${scan.id}_${tool.id}${n === 0 ? '' : `_${n + 1}`}.log`;
    const run = await started(engine, cell, { ...rung, logPath, volume, brain });
    signal.throwIfAborted();
    tried.push({ ...rung, logPath, run });
    // Nothing else can come of other settings where the program, its data or its licence is not here.
    if (run.outcome === 'done' || absent.includes(run.outcome)) break;
  }
  const best = bestRung(tried.map(({ run }) => run));
  const { details, ...result } = await finished(engine, cell, tried[best], volume);
  if (tried.length === 1) return { ...result, details };
  const told = tried.map(({ run, settings, logPath }, n) => ({
    settings,
    outcome: run.outcome,
    reason: run.reason,
    brainRemovedMl: run.intake?.facts?.brainRemovedMl ?? null,
    logPath,
    kept: n === best,
  }));
  return { ...result, details: { ...details, tried: told } };
}

const absent: readonly Outcome[] = ['tool-missing', 'atlas-missing', 'licence-missing', 'brain-mask-missing'];
const order: readonly Outcome[] = ['done', 'brain-cut', 'nothing-removed'];

/** Index of the best of some runs of one tool. */
export function bestRung(runs: readonly Pick<ToolRun, 'outcome' | 'intake'>[]): number {
  const rankOf = ({ outcome }: Pick<ToolRun, 'outcome'>): number =>
    order.includes(outcome) ? order.indexOf(outcome) : order.length;
  const lossOf = ({ intake }: Pick<ToolRun, 'intake'>): number => intake?.facts?.brainRemovedMl ?? Infinity;
  const better = (a: (typeof runs)[number], b: (typeof runs)[number]): boolean =>
    rankOf(a) < rankOf(b) || (rankOf(a) === rankOf(b) && lossOf(a) < lossOf(b));
  return runs.reduce((best, run, n) => (better(run, runs[best]) ? n : best), 0);
}

async function started(
  { store, programs }: Engine,
  { tool, signal, onProgress }: ProgramCell,
  input: Omit<Rung, 'run'> & Pick<ToolRunInput, 'volume' | 'brain'>,
): Promise<ToolRun> {
  const { places, launcher, timeoutMs } = programs.startOf(tool);
  return runTool({
    tool,
    volume: input.volume,
    brain: input.brain,
    settings: input.settings,
    places,
    launcher,
    timeoutMs,
    inherited: programs.inherited,
    workFolder: input.folder,
    logPath: join(store.folder, input.logPath),
    signal,
    ...(onProgress && { onProgress }),
  });
}

/** What one run becomes: its mask applied by our own step, and what the program itself wrote measured beside it. */
async function finished(
  engine: Engine,
  cell: ProgramCell,
  { run, logPath, folder }: Rung,
  volume: Volume,
): Promise<ProgramResult> {
  const { scan, tool } = cell;
  const facts = factsOf(run, logPath);
  const intake = run.intake?.facts ?? null;
  const details = { settings: run.settings, ...(intake !== null && { intake }) };
  if (run.mask === null || !outcomesWithDefacing.includes(run.outcome)) {
    return { ...without(run.outcome, run.reason), details, run: facts };
  }
  const many = (scan.image?.volumeCount ?? 1) > 1;
  const applied = await apply(engine, cell, { ...run, ...(many && { replacement: null }) }, details, folder);
  const words = [
    applied.reason,
    tool.needsT1 && scan.modality !== 'T1w'
      ? `${tool.title} is made for T1 images and this one is ${scan.modality}. Look at this defacing before it is used.`
      : '',
    many && run.refaced
      ? 'This image holds several volumes, so the face was removed from all of them and not replaced.'
      : '',
  ];
  const raw = applied.files.length === 0 ? null : await measuredRaw(engine, cell, run, volume);
  return { ...applied, reason: words.filter((text) => text !== '').join(' '), raw, run: facts };
}

async function measuredRaw(
  engine: Engine,
  { scan, prepared, tool, signal }: ProgramCell,
  { rawOutputPath, staging }: ToolRun,
  volume: Volume,
): Promise<MeasuredRaw | null> {
  if (rawOutputPath === null) return null;
  const data: MeasureRawData = {
    studyFolder: engine.store.folder,
    scanPath: scan.path,
    rawPath: rawOutputPath,
    staging,
    brainPath: prepared.brain.path,
    frame: prepared.frame,
    registration: prepared.registration,
    originalViews: viewsFolder(scan.name),
  };
  const timed = engine.timed();
  const raw = (await engine.pool.run('measureRaw', data, { signal })) as RawOutput;
  const provenance = timed({
    inputs: { scan: scan.fileHash, raw: raw.sha256, brain: prepared.brain.sha256 },
    maker: 'measure-raw',
    makerVersion: viewsVersion,
    settings: { tool: tool.id, shape: volume.shape },
    seed: null,
  });
  return { ...raw, provenance };
}

async function apply(
  engine: Engine,
  { scan, prepared, tool, paths, signal }: ProgramCell,
  { mask, replacement }: Pick<ToolRun, 'mask' | 'replacement'>,
  details: Readonly<Record<string, unknown>>,
  workFolder: string,
): Promise<DefaceResult> {
  if (mask === null) throw new Error('there is no mask to apply');
  await mkdir(workFolder, { recursive: true });
  const maskPath = join(workFolder, 'removal.nii.gz');
  await writeImage(maskPath, mask);
  const replacementPath = replacement === null ? null : join(workFolder, 'replacement.nii.gz');
  if (replacement !== null && replacementPath !== null) await writeImage(replacementPath, replacement);
  const data: ApplyMaskData = {
    studyFolder: engine.store.folder,
    scanPath: scan.path,
    maskPath,
    replacementPath,
    brainPath: prepared.brain.path,
    tool: { id: tool.id, title: tool.title, version: await engine.programs.versionOf(tool) },
    paths,
    sidecar: scan.sidecar,
    details,
  };
  return (await engine.pool.run('applyMask', data, { signal })) as DefaceResult;
}

/** The T1 of the same person and session that this tool defaced, or null. */
export function doneT1(
  { scans, derived }: Engine,
  { scan, tool }: Pick<ProgramCell, 'scan' | 'tool'>,
): { t1: Scan; defacing: Defacing } | null {
  for (const t1 of scans.list()) {
    if (t1.person !== scan.person || t1.session !== scan.session) continue;
    if (t1.state !== 'ok' || t1.modality !== 'T1w') continue;
    const defacing = derived.defacing(t1.id, tool.id);
    if (defacing?.outcome === 'done') return { t1, defacing };
  }
  return null;
}

async function carried(
  engine: Engine,
  cell: ProgramCell,
  { t1, defacing }: { t1: Scan; defacing: Defacing },
  workFolder: string,
): Promise<ProgramResult> {
  const volume = await readShown(t1.path);
  const removal = await readMask(join(engine.store.folder, defacing.maskPath ?? ''), volume);
  const {
    removal: mask,
    registration,
    carriedShare,
  } = carryMask({
    t1: volume,
    removal,
    other: await readShown(cell.scan.path),
  });
  const details = { carriedFrom: t1.id, carriedShare, registration: registration.quality };
  if (registration.verdict !== 'good') {
    const reason = `The mask of the T1 of this session could not be carried over: ${registration.reason}`;
    return { ...without('registration-failed', reason), details };
  }
  return {
    ...(await apply(engine, cell, { mask, replacement: null }, details, workFolder)),
    run: null,
    raw: null,
  };
}

const factsOf = ({ end, command }: ToolRun, logPath: string): ProgramResult['run'] =>
  end === null
    ? null
    : {
        command: command === null ? null : [command.file, ...command.args],
        logPath,
        peakMemoryBytes: end.peakMemoryMb === null ? null : Math.round(end.peakMemoryMb * 1e6),
      };

const without = (outcome: DefaceResult['outcome'], reason: string): ProgramResult => ({
  outcome,
  reason,
  proof: null,
  details: {},
  files: [],
  run: null,
  raw: null,
});
