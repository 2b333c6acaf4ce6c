import type { Command } from '../programTool.ts';

export interface LaunchFolders {
  /** Work folder: read and written, and the current folder. */
  readonly folder: string;
  /** Further folders and files the command reads: atlases, templates, a licence. */
  readonly readOnly: readonly string[];
}

/** Turns a command for this machine into one that does the same inside a container or a Linux beside Windows. Pure. */
export interface Launcher {
  readonly kind: 'native' | 'wsl' | 'docker' | 'apptainer';
  readonly wrap: (command: Command, folders: LaunchFolders) => Command;
  /** What starts the tool, and must be here; null for the tool itself. */
  readonly program: string | null;
  /** A file that must be here too. */
  readonly file: string | null;
  /** The one command or page that mends their absence. */
  readonly mend: string;
}

export const native: Launcher = {
  kind: 'native',
  wrap: (command) => command,
  program: null,
  file: null,
  mend: '',
};

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

/** Settings to hand on by name; paths of this machine stay behind, and so does what `without` names. */
export const carriedVariables = (
  env: Command['env'],
  without: readonly string[] = [],
): readonly (readonly [string, string])[] =>
  Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== null && !ofThisMachine.includes(entry[0]) && !without.includes(entry[0]),
  );
