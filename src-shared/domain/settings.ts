/** How a program of others is started: here, in the Linux beside Windows, or in a container image that is already here. */
export type LauncherChoice =
  | { readonly kind: 'native' }
  | { readonly kind: 'wsl'; readonly distribution?: string | undefined }
  | { readonly kind: 'docker'; readonly image: string }
  | { readonly kind: 'apptainer'; readonly image: string };

export type SettingValue = string | number | boolean;

/** What is set for one tool; what is absent is as for all tools, or as the tool comes. */
export interface OneToolSettings {
  /** Its main program, where it is not found by itself. */
  readonly path?: string | undefined;
  readonly launcher?: LauncherChoice | undefined;
  readonly timeoutMinutes?: number | undefined;
  /** Over the tool's own defaults. */
  readonly settings?: Readonly<Record<string, SettingValue>> | undefined;
}

/** Where programs and their data are and how they are started. Absent: as the environment of this process says. */
export interface ToolingSettings {
  /** Folders searched before PATH. */
  readonly searchFolders?: readonly string[] | undefined;
  /** FSLDIR. */
  readonly fslFolder?: string | undefined;
  /** FREESURFER_HOME. */
  readonly freeSurferFolder?: string | undefined;
  /** FS_LICENSE, a file. */
  readonly freeSurferLicence?: string | undefined;
  /** Folder with the two atlases of mri_deface. */
  readonly atlasFolder?: string | undefined;
  /** The lab's own template head and keep mask (1 is kept) on one grid, for niimath. */
  readonly niimathTemplate?: string | undefined;
  readonly niimathKeepMask?: string | undefined;
  /** For every tool that names none of its own. */
  readonly launcher?: LauncherChoice | undefined;
  /** By the tool's id. */
  readonly tools?: Readonly<Record<string, OneToolSettings>> | undefined;
}

/** Settings of this machine, for every study opened on it. */
export type MachineSettings = ToolingSettings;

/** Settings of a study. What it says of tools wins over the machine. */
export interface StudySettings extends ToolingSettings {
  /** 4D files are taken up, with one mask for all their volumes. */
  readonly takeUp4d?: boolean | undefined;
  /** Files whose header does not say how the head lies are taken up as if stored in RAS order. */
  readonly takeUpWithoutOrientation?: boolean | undefined;
  /** The batch measures image quality of the originals, or texture of the face, beside the measurements of defacings. */
  readonly measureImageQuality?: boolean | undefined;
  readonly measureTexture?: boolean | undefined;
  /** Age, sex, scanner, sequence and contrast stand in the table of features. */
  readonly tableAboutScan?: boolean | undefined;
}

/** A setting that can be saved and will not work as it is: what to look at, by the name of the setting. */
export interface SettingNote {
  /** `fslFolder`, `tools.pydeface.path`, ... */
  readonly setting: string;
  readonly sentence: string;
}

/** Both together: the study's word where it has one, else the machine's. Of each tool the parts are joined one by one. */
export function mergedSettings(machine: MachineSettings, study: StudySettings): StudySettings {
  const said = Object.fromEntries(Object.entries(study).filter(([, value]) => value !== undefined));
  const ids = new Set([...Object.keys(machine.tools ?? {}), ...Object.keys(study.tools ?? {})]);
  const tools = [...ids].map((id): [string, OneToolSettings] => {
    const [below, above] = [machine.tools?.[id] ?? {}, study.tools?.[id] ?? {}];
    const own = Object.fromEntries(Object.entries(above).filter(([, value]) => value !== undefined));
    return [id, { ...below, ...own, settings: { ...below.settings, ...above.settings } }];
  });
  return { ...machine, ...said, tools: Object.fromEntries(tools) };
}
