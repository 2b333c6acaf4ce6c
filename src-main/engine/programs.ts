import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ToolingSettings } from '../../src-shared/domain/settings.ts';
import { templateFolder } from '../files/readTemplate.ts';
import { findTools, mainProgram, versionOf, type FoundTool } from '../tools/findTools.ts';
import type { ProgramTool, ToolPlaces } from '../tools/programTool.ts';
import { toolStart, type ToolStart } from '../tools/toolStart.ts';

type Inherited = Readonly<Record<string, string | undefined>>;

/** What the engine knows of the programs on this machine: where they are by today's settings; versions are asked once. */
export interface Programs {
  /** The surrounding environment, of which only what a program needs to start is taken. */
  readonly inherited: Inherited;
  readonly startOf: (tool: ProgramTool) => ToolStart;
  /** As the program tells it; `unknown` where it does not, or is not there. */
  readonly versionOf: (tool: ProgramTool) => Promise<string>;
  readonly find: (tools: readonly ProgramTool[]) => Promise<readonly FoundTool[]>;
}

/** `settings` is asked anew each time: what is saved counts from the next start on. */
export function openPrograms(inherited: Inherited, settings: () => ToolingSettings = () => ({})): Programs {
  const versions = new Map<string, Promise<string | null>>();
  const machine = { inherited, user: ownUser(), places: placesOf(inherited) };
  const startOf = (tool: ProgramTool): ToolStart => toolStart(tool, settings(), machine);
  // Asking starts the program, some of them a whole Python: once for each way it is started.
  const ask: typeof versionOf = (tool, path, start, ...rest) => {
    const { args } = start.launcher.wrap(
      { file: tool.id, args: [], env: {} },
      { folder: '/work', readOnly: [] },
    );
    const key = JSON.stringify([tool.id, path, args, start.places.programs ?? null]);
    let version = versions.get(key);
    if (version === undefined) {
      version = versionOf(tool, path, start, ...rest);
      versions.set(key, version);
    }
    return version;
  };
  return {
    inherited,
    startOf,
    versionOf: async (tool) => {
      const start = startOf(tool);
      const path = await mainProgram(tool, start, inherited);
      return (path === null ? null : await ask(tool, path, start, inherited)) ?? 'unknown';
    },
    find: (tools) => findTools(tools, startOf, inherited, ask),
  };
}

/** Files that a container writes shall be this user's; only Linux shares ids with it. */
const ownUser = (): string | undefined =>
  process.platform === 'linux' && process.getuid !== undefined && process.getgid !== undefined
    ? `${process.getuid()}:${process.getgid()}`
    : undefined;

/** Where the suites say that they are, and the atlases of mri_deface in their usual folder. */
function placesOf(inherited: Inherited): ToolPlaces {
  const { FSLDIR: fsl, FREESURFER_HOME: freeSurfer, DEFACEQA_ATLASES: atlases } = inherited;
  const { DEFACEQA_NIIMATH_TEMPLATE: template, DEFACEQA_NIIMATH_KEEPMASK: keep } = inherited;
  return {
    ...(fsl !== undefined && { fslFolder: fsl }),
    ...(freeSurfer !== undefined && { freeSurferFolder: freeSurfer }),
    atlasFolder:
      atlases ?? (freeSurfer === undefined ? join(homedir(), 'atlases') : join(freeSurfer, 'average')),
    // The lab's own template head with its keep mask, or the one that comes with this program.
    niimathTemplate: template ?? join(templateFolder(), 'head.nii.gz'),
    niimathKeepMask: keep ?? join(templateFolder(), 'keep.nii.gz'),
  };
}
