import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { atlasFolderOf } from './mriDeface.ts';
import type { ProgramTool, ToolPlaces } from './programTool.ts';
import { runProgram } from './runProgram.ts';
import { toolEnvironment } from './toolEnvironment.ts';
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
  const command = { file: name, args: [], env: {} };
  const { PATH } = toolEnvironment({ command, places, folder: tmpdir(), inherited });
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of PATH.split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      const runs = await access(path, constants.X_OK).then(
        async () => (await stat(path)).isFile(),
        () => false,
      );
      if (runs) return path;
    }
  }
  return null;
}

/** Everything a tool needs and does not find, without starting it. Atlas files are measured and hashed. */
export async function missingOf(
  tool: ProgramTool,
  places: ToolPlaces,
  inherited: Inherited,
): Promise<FoundTool['missing']> {
  const missing: { what: string; outcome: Outcome }[] = [];
  const { needs } = tool;
  for (const name of needs.programs) {
    if ((await findProgram(name, places, inherited)) === null)
      missing.push({ what: name, outcome: 'tool-missing' });
  }
  if (needs.folders.includes('fsl') && places.fslFolder === undefined) {
    missing.push({ what: 'FSLDIR', outcome: 'tool-missing' });
  }
  if (needs.folders.includes('freesurfer') && places.freeSurferFolder === undefined) {
    missing.push({ what: 'FREESURFER_HOME', outcome: 'tool-missing' });
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
  places: ToolPlaces,
  inherited: Inherited,
  ask: typeof versionOf = versionOf,
): Promise<readonly FoundTool[]> {
  const found: FoundTool[] = [];
  for (const tool of tools) {
    const missing = await missingOf(tool, places, inherited);
    const path = await findProgram(tool.needs.programs[0], places, inherited);
    const version = path === null ? null : await ask(tool, path, places, inherited);
    const bad = tool.badVersions.find((known) => version !== null && known.version.test(version));
    found.push({
      id: tool.id,
      title: tool.title,
      found: missing.length === 0,
      path,
      version,
      badVersion: bad?.why ?? null,
      licence: tool.licence,
      missing,
      mend: missing.length === 0 ? null : tool.needs.mend,
    });
  }
  return found;
}

/** Asked of the program, with Python taken from the program's own folder; of FSL from its own file. null: it does not say. */
export async function versionOf(
  tool: ProgramTool,
  path: string,
  places: ToolPlaces,
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
    const command = tool.versionQuery;
    const env = toolEnvironment({ command, places: beside, folder, inherited });
    const file = (await findProgram(command.file, beside, inherited)) ?? command.file;
    const { lastOutput } = await runProgram({
      command: { ...command, file, env },
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
