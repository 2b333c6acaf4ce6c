import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { carryMask } from '../../src-shared/defacers/carryMask.ts';
import { outcomesWithDefacing } from '../../src-shared/domain/outcome.ts';
import type { OutputPaths } from '../../src-shared/domain/outputNames.ts';
import type { Provenance } from '../../src-shared/domain/provenance.ts';
import type { Defacing, Prepared, Scan } from '../../src-shared/domain/study.ts';
import { readMask, readVolume } from '../files/readVolume.ts';
import { writeImage } from '../files/writeNiftiFile.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import { runTool, type ToolRun } from '../tools/runTool.ts';
import type { ToolSettings } from '../tools/tool.ts';
import type { DefaceResult } from '../workers/finishDefacing.ts';
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
};

/**
 * One cell of the matrix by a program of others. A tool made for T1 does not run on another contrast where the same
 * session has a T1 that it did well: that mask is carried over by a rigid registration. What the program left becomes a
 * mask; our own step applies it. A program ended by `signal` leaves nothing behind.
 */
export async function defaceByProgram(engine: Engine, cell: ProgramCell): Promise<ProgramResult> {
  const { scan, tool, signal } = cell;
  const workFolder = join(engine.store.folder, 'work', `${scan.id}_${tool.id}`);
  try {
    if (tool.needsT1 && scan.modality !== 'T1w') {
      const t1 = doneT1(engine, cell);
      if (t1 !== null) return await carried(engine, cell, t1, workFolder);
    }
    const rungs = [cell.settings, ...(cell.insistence.ladder ? tool.retries : [])];
    const tried: { settings: ToolSettings; outcome: string; reason: string }[] = [];
    let result: ProgramResult | null = null;
    for (const [rung, settings] of rungs.entries()) {
      signal.throwIfAborted();
      result = await once(engine, cell, { ...cell.settings, ...settings }, join(workFolder, String(rung)));
      tried.push({ settings, outcome: result.outcome, reason: result.reason });
      if (result.outcome === 'done') break;
    }
    if (result === null) throw new Error('a ladder has at least one rung');
    return tried.length > 1 ? { ...result, details: { ...result.details, tried } } : result;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function once(
  engine: Engine,
  cell: ProgramCell,
  settings: ToolSettings,
  workFolder: string,
): Promise<ProgramResult> {
  const { scan, prepared, tool, signal } = cell;
  const { store, programs } = engine;
  const volume = await readVolume(scan.path);
  const usable = prepared.brain.path !== null && prepared.brain.plausible;
  const brain = usable ? await readMask(join(store.folder, prepared.brain.path), volume) : undefined;
  if (tool.needs.brain && brain === undefined) return without('brain-mask-missing', prepared.brain.reason);
  const logPath = `logs/tools/${scan.id}_${tool.id}.log`;
  const { places, launcher, timeoutMs } = programs.startOf(tool);
  const run = await runTool({
    tool,
    volume,
    brain,
    settings,
    places,
    launcher,
    timeoutMs,
    inherited: programs.inherited,
    workFolder,
    logPath: join(store.folder, logPath),
    signal,
    ...(cell.onProgress && { onProgress: cell.onProgress }),
  });
  signal.throwIfAborted();
  const facts = factsOf(run, logPath);
  const warning =
    tool.needsT1 && scan.modality !== 'T1w'
      ? `${tool.title} is made for T1 images and this one is ${scan.modality}. Look at this defacing before it is used.`
      : '';
  const details = {
    // What a refacer replaced is taken away here, as for any other tool.
    ...(run.refaced && { maskOfRefacer: true }),
    settings: run.settings,
  };
  if (run.mask === null || !outcomesWithDefacing.includes(run.outcome)) {
    return { ...without(run.outcome, run.reason), details, run: facts };
  }
  const applied = await apply(engine, cell, run, details, workFolder);
  return {
    ...applied,
    reason: [applied.reason, warning].filter((text) => text !== '').join(' '),
    run: facts,
  };
}

async function apply(
  engine: Engine,
  { scan, prepared, tool, paths, signal }: ProgramCell,
  { mask }: Pick<ToolRun, 'mask'>,
  details: Readonly<Record<string, unknown>>,
  workFolder: string,
): Promise<DefaceResult> {
  if (mask === null) throw new Error('there is no mask to apply');
  await mkdir(workFolder, { recursive: true });
  const maskPath = join(workFolder, 'removal.nii.gz');
  await writeImage(maskPath, mask);
  const data: ApplyMaskData = {
    studyFolder: engine.store.folder,
    scanPath: scan.path,
    maskPath,
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
  const volume = await readVolume(t1.path);
  const removal = await readMask(join(engine.store.folder, defacing.maskPath ?? ''), volume);
  const {
    removal: mask,
    registration,
    carriedShare,
  } = carryMask({
    t1: volume,
    removal,
    other: await readVolume(cell.scan.path),
  });
  const details = { carriedFrom: t1.id, carriedShare, registration: registration.quality };
  if (registration.verdict !== 'good') {
    const reason = `The mask of the T1 of this session could not be carried over: ${registration.reason}`;
    return { ...without('registration-failed', reason), details };
  }
  return { ...(await apply(engine, cell, { mask }, details, workFolder)), run: null };
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
});
