import type { Outcome, ProgramToolFacts, ToolSettings } from './tool.ts';

/** A program as it is started: no shell, so nothing in a name is ever a command. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the runner's own environment; `null` takes a variable away. */
  readonly env: Readonly<Record<string, string | null>>;
}

/** Where programs and their data are on this machine or in this study. Plain data; absent means the usual place. */
export interface ToolPlaces {
  /** Folders searched before PATH. */
  readonly searchFolders?: readonly string[];
  /** Where a program is, by its name, for those not to be searched. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly fslFolder?: string;
  readonly freeSurferFolder?: string;
  /** Folder with the two atlases of mri_deface. */
  readonly atlasFolder?: string;
  /** Head and keep mask (1 is kept) on one grid, for niimath. */
  readonly niimathTemplate?: string;
  readonly niimathKeepMask?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Plain names inside the private work folder, and what the user set. */
export interface CommandInputs {
  readonly input: string;
  readonly output: string;
  /** Staged brain mask, null where there is none. */
  readonly brain: string | null;
  /** Voxels of the staged grid along the superior axis, in mm. */
  readonly superiorSpacingMm: number;
  readonly settings: ToolSettings;
  readonly places: ToolPlaces;
}

export interface AtlasFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Needs {
  readonly programs: readonly string[];
  /** FSLDIR or FREESURFER_HOME, where a folder must be known. */
  readonly folders: readonly ('fsl' | 'freesurfer')[];
  readonly atlases: readonly AtlasFile[];
  readonly brain: boolean;
  readonly freeSurferLicence: boolean;
  readonly template: boolean;
  /** The one command or page that mends the absence of any of these. */
  readonly mend: string;
}

export interface OwnMask {
  readonly file: string;
  /** What a 1 means; `unknown` is found by comparing with what changed. */
  readonly one: 'kept' | 'removed' | 'unknown';
}

/** A defacer or a brain extractor of others, told as values: what it needs, how it is called, and what it leaves. */
export interface ProgramTool extends ProgramToolFacts {
  readonly makes: 'defacing' | 'brain-mask';
  readonly licence: string;
  readonly page: string;
  readonly needs: Needs;
  readonly defaults: ToolSettings;
  readonly command: (inputs: CommandInputs) => Command;
  /** 0 to 1 for a line that tells how far it is, else null. */
  readonly progressOf: (line: string) => number | null;
  /** How its version is asked, and how the answer is read. null: it cannot be asked. */
  readonly versionQuery: Command | null;
  readonly versionOf: (text: string) => string | null;
  /** Names the result may have in the work folder, the first found counts. */
  readonly produces: readonly string[];
  readonly ownMask: OwnMask | null;
  /** Outcome read from the log where files tell nothing: a sentence of the tool that names its own trouble. */
  readonly outcomeOf: (log: string) => Outcome | null;
  readonly badVersions: readonly { readonly version: RegExp; readonly why: string }[];
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Number type of the staged image: int16 always, or int16 where that is exact and float32 elsewhere. */
  readonly staged: 'int16' | 'exact';
  /** Whether, with these settings, it replaces the face by another: its voxels are then kept as it wrote them, and marked. */
  readonly refaces: (settings: ToolSettings) => boolean;
  /** Other settings to try in this order when a run fails. */
  readonly retries: readonly ToolSettings[];
}

export const noNeeds = {
  programs: [],
  folders: [],
  atlases: [],
  brain: false,
  freeSurferLicence: false,
  template: false,
} as const;
