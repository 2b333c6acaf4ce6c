import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { atlasFolderOf } from './mriDeface.ts';
import type { Launcher } from './launchers/launcher.ts';
import type { ProgramTool, ToolPlaces } from './programTool.ts';
import { runProgram } from './runProgram.ts';
import { toolEnvironment } from './toolEnvironment.ts';
import type { ToolStart } from './toolStart.ts';
import type { Outcome } from './tool.ts';

export interface FoundTool {
  readonly id: string;
  readonly title: string;
  readonly found: boolean;
  /** The main program. */
  readonly path: string | null;
  readonly version: string | null;
  /** Why this version must not be used. */
  readonly badVersion: string | null;
  readonly licence: string;
  readonly makes: ProgramTool['makes'];
  readonly launcher: Launcher['kind'];
  readonly missing: readonly { readonly what: string; readonly outcome: Outcome }[];
  /** The one command or page that mends it. */
  readonly mend: string | null;
}

type Inherited = Readonly<Record<string, string | undefined>>;

/** Where a program is on the path a tool is given; null where it is nowhere. */
export async function findProgram(
  name: string,
  places: ToolPlaces,
  inherited: Inherited,
): Promise<string | null> {
  const told = places.programs?.[name];
  if (told !== undefined) return (await canRun(told)) ? told : null;
  const command = { file: name, args: [], env: {} };
  const { PATH } = toolEnvironment({ command, places, folder: tmpdir(), inherited });
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of PATH.split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (await canRun(path)) return path;
    }
  }
  return null;
}

const canRun = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    async () => (await stat(path)).isFile(),
    () => false,
  );

/**
 * Everything a tool needs and does not find, without starting it. Atlas files are measured and hashed. Of a container or
 * another Linux only what starts it can be looked for: what is inside shows when it runs.
 */
export async function missingOf(
  tool: ProgramTool,
  { places, launcher }: Pick<ToolStart, 'places' | 'launcher'>,
  inherited: Inherited,
): Promise<FoundTool['missing']> {
  const missing: { what: string; outcome: Outcome }[] = [];
  const { needs } = tool;
  if (launcher.program !== null) {
    if ((await findProgram(launcher.program, {}, inherited)) === null)
      missing.push({ what: launcher.program, outcome: 'tool-missing' });
    if (launcher.file !== null && !(await isFile(launcher.file)))
      missing.push({ what: launcher.file, outcome: 'tool-missing' });
    if (launcher.kind === 'wsl') return missing;
  } else {
    for (const name of needs.programs) {
      if ((await findProgram(name, places, inherited)) === null)
        missing.push({ what: places.programs?.[name] ?? name, outcome: 'tool-missing' });
    }
    if (needs.folders.includes('fsl') && places.fslFolder === undefined) {
      missing.push({ what: 'FSLDIR', outcome: 'tool-missing' });
    }
    if (needs.folders.includes('freesurfer') && places.freeSurferFolder === undefined) {
      missing.push({ what: 'FREESURFER_HOME', outcome: 'tool-missing' });
    }
  }
  for (const atlas of needs.atlases) {
    const path = join(atlasFolderOf(places), atlas.name);
    const bytes = await stat(path).then(
      (s) => s.size,
      () => null,
    );
    if (bytes === null) missing.push({ what: atlas.name, outcome: 'atlas-missing' });
    else if (bytes !== atlas.bytes || (await hashOf(path)) !== atlas.sha256) {
      missing.push({ what: `${atlas.name} (another file of that name is there)`, outcome: 'atlas-missing' });
    }
  }
  if (needs.template) {
    for (const path of [places.niimathTemplate, places.niimathKeepMask]) {
      if (path === undefined || !(await isFile(path)))
        missing.push({ what: 'template', outcome: 'atlas-missing' });
    }
  }
  if (needs.freeSurferLicence) {
    const licences = [
      places.environment?.FS_LICENSE ?? inherited.FS_LICENSE ?? '',
      join(places.freeSurferFolder ?? '', 'license.txt'),
      join(places.freeSurferFolder ?? '', '.license'),
    ];
    const there = await Promise.all(licences.map(isFile));
    if (!there.includes(true)) missing.push({ what: 'FreeSurfer licence file', outcome: 'licence-missing' });
  }
  return missing;
}

/** What is on this machine, tool by tool; versions are asked from the programs themselves. */
export async function findTools(
  tools: readonly ProgramTool[],
  startOf: (tool: ProgramTool) => Pick<ToolStart, 'places' | 'launcher'>,
  inherited: Inherited,
  ask: typeof versionOf = versionOf,
): Promise<readonly FoundTool[]> {
  const found: FoundTool[] = [];
  for (const tool of tools) {
    const start = startOf(tool);
    const missing = await missingOf(tool, start, inherited);
    const path = await mainProgram(tool, start, inherited);
    // A container is asked only where it can start.
    const askable = start.launcher.program === null || missing.length === 0;
    const version = path !== null && askable ? await ask(tool, path, start, inherited) : null;
    const bad = tool.badVersions.find((known) => version !== null && known.version.test(version));
    found.push({
      id: tool.id,
      title: tool.title,
      found: missing.length === 0,
      path,
      version,
      badVersion: bad?.why ?? null,
      licence: tool.licence,
      makes: tool.makes,
      launcher: start.launcher.kind,
      missing,
      mend: missing.length === 0 ? null : mendOf(tool, start),
    });
  }
  return found;
}

/** The file that is started on this machine: the tool, or what starts it elsewhere; null where it is nowhere. */
export const mainProgram = (
  tool: ProgramTool,
  { places, launcher }: Pick<ToolStart, 'places' | 'launcher'>,
  inherited: Inherited,
): Promise<string | null> =>
  launcher.program === null
    ? findProgram(tool.needs.programs[0], places, inherited)
    : findProgram(launcher.program, {}, inherited);

/** The one command or page that mends what is missing. */
export const mendOf = (tool: ProgramTool, { launcher }: Pick<ToolStart, 'launcher'>): string =>
  launcher.program === null ? tool.needs.mend : launcher.mend;

/**
 * Asked of the program the way it is started, with Python taken from the program's own folder; of FSL from its own file.
 * null: it does not say.
 */
export async function versionOf(
  tool: ProgramTool,
  path: string,
  { places, launcher }: Pick<ToolStart, 'places' | 'launcher'>,
  inherited: Inherited,
): Promise<string | null> {
  if (tool.versionQuery === null) {
    const file = tool.needs.folders.includes('fsl')
      ? join(places.fslFolder ?? '', 'etc', 'fslversion')
      : null;
    const text = file === null ? '' : await readFile(file, 'utf8').catch(() => '');
    return text.split(/[\s:]/)[0] || null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'defaceqa-version-'));
  try {
    const beside = { ...places, searchFolders: [dirname(path), ...(places.searchFolders ?? [])] };
    const query = tool.versionQuery;
    const env = toolEnvironment({ command: query, places: beside, folder, inherited });
    const command = launcher.wrap({ ...query, env }, { folder, readOnly: [] });
    const file =
      launcher.program === null
        ? ((await findProgram(command.file, beside, inherited)) ?? command.file)
        : path;
    const { lastOutput } = await runProgram({
      command: { ...command, file },
      folder,
      logPath: join(folder, 'log'),
      timeoutMs: 30_000,
    });
    return tool.versionOf(lastOutput);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (s) => s.isFile(),
    () => false,
  );

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
