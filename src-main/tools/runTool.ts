import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { encodeInt16, fitsInt16 } from '../../src-shared/defacers/encodeInt16.ts';
import { takeIn, type Intake } from '../../src-shared/defacers/intake.ts';
import type { Outcome } from '../../src-shared/domain/outcome.ts';
import { spacingOf } from '../../src-shared/volume/affine.ts';
import { canonicalMask, canonicalVolume, maskFromCanonical } from '../../src-shared/volume/canonical.ts';
import { isFloat } from '../../src-shared/volume/dtype.ts';
import { countInside, sameGrid, type Grid, type Mask, type Volume } from '../../src-shared/volume/volume.ts';
import { readMask, readNifti } from '../files/readVolume.ts';
import { writeImage } from '../files/writeNiftiFile.ts';
import { pack } from '../files/pack.ts';
import { findProgram, mendOf, missingOf } from './findTools.ts';
import { native, type Launcher } from './launchers/launcher.ts';
import { atlasFolderOf } from './mriDeface.ts';
import type { Command, ProgramTool, ToolPlaces } from './programTool.ts';
import { runProgram, type ProgramEnd } from './runProgram.ts';
import type { ToolSettings } from './tool.ts';
import { toolEnvironment } from './toolEnvironment.ts';

export interface ToolRunInput {
  readonly tool: ProgramTool;
  /** The 3D volume shown to the tool (of 4D: one volume or the mean). */
  readonly volume: Volume;
  /** On the volume's own grid. */
  readonly brain?: Mask | undefined;
  /** Over the tool's defaults. */
  readonly settings?: ToolSettings;
  readonly places: ToolPlaces;
  readonly launcher?: Launcher;
  /** The surrounding environment, of which only what a program needs to start is taken. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** An empty or absent folder for this run alone. The raw output stays in it; the caller removes it. */
  readonly workFolder: string;
  readonly logPath: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

export interface ToolRun {
  readonly outcome: Outcome;
  /** Why, without text of the scan; empty for `done`. */
  readonly reason: string;
  /** Mask on the volume's own grid: what to remove, or for a brain extractor the brain. */
  readonly mask: Mask | null;
  readonly refaced: boolean;
  /** What a refacer put in place of the face: true values on the volume's own grid. */
  readonly replacement: Volume | null;
  readonly intake: Intake | null;
  /** The tool's own file, for the features of the raw output. On the canonical grid. */
  readonly rawOutputPath: string | null;
  /** How the tool saw the scan: true value = its value / factor + base. */
  readonly staging: Staging;
  readonly end: ProgramEnd | null;
  /** As it was started, for the record. */
  readonly command: Command | null;
  readonly settings: ToolSettings;
}

export interface Staging {
  readonly factor: number;
  readonly base: number;
}

/**
 * One tool on one scan, in a folder of its own: staged, started, ended, and what it left taken in. Whatever the program
 * does becomes a named outcome; thrown are only errors of our own files (`disk-full`, `folder-forbidden`).
 */
export async function runTool(input: ToolRunInput): Promise<ToolRun> {
  const { tool, volume, brain, places, inherited, launcher = native } = input;
  const settings: ToolSettings = { ...tool.defaults, ...input.settings };
  const refaced = tool.refaces(settings);
  const folder = resolve(input.workFolder);
  const answer = (outcome: Outcome, reason: string, more: Partial<ToolRun> = {}): ToolRun => ({
    outcome,
    reason,
    mask: null,
    refaced,
    replacement: null,
    intake: null,
    rawOutputPath: null,
    staging: asItIs,
    end: null,
    command: null,
    settings,
    ...more,
  });
  if (tool.needs.brain && (brain === undefined || countInside(brain.bits) === 0)) {
    return answer('brain-mask-missing', 'This tool needs a brain mask that passed its check.');
  }
  const mend = mendOf(tool, { launcher });
  const missing = await missingOf(tool, { places, launcher }, inherited);
  if (missing.length > 0) {
    const names = missing.map((m) => m.what).join(', ');
    return answer(missing[0].outcome, `Not found: ${names}. Install: ${mend}`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(dirname(input.logPath), { recursive: true });
  const canonical = canonicalVolume(volume);
  const { staged, staging } = await stage(tool, canonical, join(folder, 'in.nii.gz'));
  if (brain !== undefined) await writeImage(join(folder, 'brain.nii.gz'), canonicalMask(brain));
  const plain = tool.command({
    input: 'in.nii.gz',
    output: 'out.nii.gz',
    brain: brain === undefined ? null : 'brain.nii.gz',
    superiorSpacingMm: spacingOf(canonical.affine)[2],
    settings,
    places,
  });
  const told = { ...plain, file: places.programs?.[plain.file] ?? plain.file };
  const command = launcher.wrap(
    { ...told, env: toolEnvironment({ command: told, places, folder, inherited }) },
    { folder, readOnly: readOnlyPaths(tool, places) },
  );
  const file =
    launcher.program === null
      ? ((await findProgram(plain.file, places, inherited)) ?? told.file)
      : ((await findProgram(launcher.program, {}, inherited)) ?? command.file);
  const end = await runProgram({
    command: { ...command, file },
    folder,
    logPath: input.logPath,
    timeoutMs: input.timeoutMs ?? tool.timeoutMs,
    signal: input.signal,
    onLine: (line) => {
      const fraction = tool.progressOf(line);
      if (fraction !== null) input.onProgress?.(fraction);
    },
  });
  const facts = { end, command };
  if (end.ended === 'cancelled') return answer('cancelled', 'Cancelled.', facts);
  if (end.ended === 'timed-out') return answer('timed-out', 'It took longer than it may.', facts);
  if (end.ended === 'killed')
    return answer('killed', 'The system or a person ended it, often for lack of memory.', facts);
  if (end.ended === 'not-found')
    return answer('tool-missing', `It could not be started. Install: ${mend}`, facts);
  const log = await readFile(input.logPath, 'utf8');
  const told2 = tool.outcomeOf(log);
  if (told2 !== null) {
    const install = told2.endsWith('-missing') ? ` Install: ${tool.needs.mend}` : '';
    return answer(told2, `The tool says so in its log.${install}`, facts);
  }
  const raw = await firstFile(folder, tool.produces);
  if (raw === null) {
    return end.exitCode === 0
      ? answer('output-missing', 'It ended as if all were well and left no image.', facts)
      : answer('tool-failed', 'It stopped early. Its last lines are in the log.', facts);
  }
  const withRaw = { ...facts, rawOutputPath: raw, staging };
  // A defacer that reports trouble may leave a whole-looking file: nothing of it is used.
  if (end.exitCode !== 0)
    return answer('tool-failed', 'It stopped early. Its last lines are in the log.', withRaw);
  if (tool.makes === 'brain-mask') return await brainOf(raw, canonical, volume, answer, withRaw);
  let image;
  let rawVolume;
  try {
    image = await readNifti(raw);
    rawVolume = canonicalVolume(image.volume());
  } catch {
    return answer('output-unreadable', 'What it left cannot be read as an image.', withRaw);
  }
  const intake = takeIn({
    staged,
    raw: rawVolume,
    rawRoundingError: isFloat(image.header.dtype) ? 0 : Math.abs(image.header.scaling.slope) / 2,
    own: await ownMask(tool, folder),
    original: volume,
    brain,
    refaces: refaced,
  });
  const { removal: mask, replacement } = intake;
  return answer(intake.outcome, intake.reason, {
    ...withRaw,
    mask,
    replacement: replacement === null ? null : unstaged(replacement, staging),
    intake,
  });
}

/** What this tool reads beside its work folder, as far as a container has to be shown it. */
const readOnlyPaths = ({ needs }: ProgramTool, places: ToolPlaces): readonly string[] => [
  ...new Set(
    [
      ...(needs.atlases.length > 0 ? [atlasFolderOf(places)] : []),
      ...(needs.template ? [places.niimathTemplate, places.niimathKeepMask] : []),
      ...(needs.freeSurferLicence ? [places.environment?.FS_LICENSE] : []),
    ].filter((path) => path !== undefined),
  ),
];

const asItIs: Staging = { factor: 1, base: 0 };

async function stage(
  tool: ProgramTool,
  canonical: Volume,
  path: string,
): Promise<{ staged: Volume; staging: Staging }> {
  if (tool.staged === 'int16' || fitsInt16(canonical)) {
    const { bytes, values, factor, base } = encodeInt16(canonical);
    await writeFile(path, await pack(bytes), { mode: 0o600 });
    return { staged: { ...canonical, values }, staging: { factor, base } };
  }
  await writeImage(path, canonical);
  return { staged: canonical, staging: asItIs };
}

/** A tool's values in the unit of the scan. */
export const unstaged = (volume: Volume, { factor, base }: Staging): Volume =>
  factor === 1 && base === 0
    ? volume
    : { ...volume, values: Float32Array.from(volume.values, (value) => value / factor + base) };

async function firstFile(folder: string, names: readonly string[]): Promise<string | null> {
  const there = new Set(await readdir(folder));
  for (const name of names) {
    if (there.has(name) && (await stat(join(folder, name))).isFile()) return join(folder, name);
  }
  return null;
}

async function ownMask(
  tool: ProgramTool,
  folder: string,
): Promise<{ mask: Mask; one: 'kept' | 'removed' | 'unknown' } | undefined> {
  if (tool.ownMask === null || (await firstFile(folder, [tool.ownMask.file])) === null) return undefined;
  try {
    return { mask: await readMask(join(folder, tool.ownMask.file)), one: tool.ownMask.one };
  } catch {
    return undefined; // What changed in the image says the same.
  }
}

async function brainOf(
  path: string,
  canonical: Grid,
  original: Grid,
  answer: (outcome: Outcome, reason: string, more?: Partial<ToolRun>) => ToolRun,
  facts: Partial<ToolRun>,
): Promise<ToolRun> {
  let mask;
  try {
    mask = canonicalMask(await readMask(path));
  } catch {
    return answer('output-unreadable', 'What it left cannot be read as a mask.', facts);
  }
  if (!sameGrid(mask, canonical, 1e-2))
    return answer('wrong-grid', 'The mask does not lie on the grid of the input.', facts);
  if (countInside(mask.bits) === 0)
    return answer('output-missing', 'The brain mask it left is empty.', facts);
  return answer('done', '', { ...facts, mask: maskFromCanonical(mask, original) });
}
