import { homedir } from 'node:os';
import { join } from 'node:path';
import { templateFolder } from '../files/readTemplate.ts';
import { findProgram, findTools, versionOf, type FoundTool } from '../tools/findTools.ts';
import type { ProgramTool, ToolPlaces } from '../tools/programTool.ts';

/** What the engine knows of the programs on this machine: where they are, asked once and kept. */
export interface Programs {
  readonly places: ToolPlaces;
  /** The surrounding environment, of which only what a program needs to start is taken. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** As the program tells it; `unknown` where it does not, or is not there. */
  readonly versionOf: (tool: ProgramTool) => Promise<string>;
  readonly find: (tools: readonly ProgramTool[]) => Promise<readonly FoundTool[]>;
}

export function openPrograms(
  inherited: Readonly<Record<string, string | undefined>>,
  places: ToolPlaces = placesOf(inherited),
): Programs {
  const versions = new Map<string, Promise<string | null>>();
  // Asking starts the program, some of them a whole Python: once for each place it is found in.
  const ask: typeof versionOf = (tool, path, ...rest) => {
    let version = versions.get(`${tool.id} ${path}`);
    if (version === undefined) {
      version = versionOf(tool, path, ...rest);
      versions.set(`${tool.id} ${path}`, version);
    }
    return version;
  };
  return {
    places,
    inherited,
    versionOf: async (tool) => {
      const path = await findProgram(tool.needs.programs[0], places, inherited);
      return (path === null ? null : await ask(tool, path, places, inherited)) ?? 'unknown';
    },
    find: (tools) => findTools(tools, places, inherited, ask),
  };
}

/** Where the suites say that they are, and the atlases of mri_deface in their usual folder. */
function placesOf(inherited: Readonly<Record<string, string | undefined>>): ToolPlaces {
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
