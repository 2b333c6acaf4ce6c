import type { Command } from '../programTool.ts';

export interface LaunchFolders {
  /** Work folder: read and written, and the current folder. */
  readonly folder: string;
  /** Further folders the command reads: atlases, templates. */
  readonly readOnly: readonly string[];
}

/** Turns a command for this machine into one that does the same inside a container or a Linux beside Windows. Pure. */
export interface Launcher {
  readonly kind: 'native' | 'wsl' | 'docker' | 'apptainer';
  readonly wrap: (command: Command, folders: LaunchFolders) => Command;
}

export const native: Launcher = { kind: 'native', wrap: (command) => command };

/** Variables that describe this machine's file system and must not reach another one. */
const ofThisMachine = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'LOCALAPPDATA',
  'LD_LIBRARY_PATH',
  'TMP',
  'TEMP',
  'TMPDIR',
];

/** Settings to hand on by name; paths of this machine stay behind. */
export const carriedVariables = (env: Command['env']): readonly (readonly [string, string])[] =>
  Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== null && !ofThisMachine.includes(entry[0]),
  );
