import type { MachineSettings, SettingNote, StudySettings } from '../domain/settings.ts';
import { call } from './call.ts';
import {
  array,
  boolean,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  pipe,
  record,
  regex,
  strictObject,
  string,
  union,
  variant,
} from './checks.ts';

const path = pipe(string(), minLength(1), maxLength(4096));
/** Stands among the arguments of docker: it may not look like an option. */
const dockerImage = pipe(string(), maxLength(512), regex(/^[\w][\w./:@-]*$/));
const distribution = pipe(string(), maxLength(128), regex(/^[\w][\w. -]*$/));
const launcher = variant('kind', [
  strictObject({ kind: literal('native') }),
  strictObject({ kind: literal('wsl'), distribution: optional(distribution) }),
  strictObject({ kind: literal('docker'), image: dockerImage }),
  strictObject({ kind: literal('apptainer'), image: path }),
]);
const settingName = pipe(string(), minLength(1), maxLength(64));
const oneTool = strictObject({
  path: optional(path),
  launcher: optional(launcher),
  timeoutMinutes: optional(pipe(number(), minValue(0.1), maxValue(10_080))),
  settings: optional(record(settingName, union([pipe(string(), maxLength(256)), number(), boolean()]))),
});
const tooling = {
  searchFolders: optional(pipe(array(path), maxLength(32))),
  fslFolder: optional(path),
  freeSurferFolder: optional(path),
  freeSurferLicence: optional(path),
  atlasFolder: optional(path),
  niimathTemplate: optional(path),
  niimathKeepMask: optional(path),
  launcher: optional(launcher),
  tools: optional(record(settingName, oneTool)),
};

/** Settings of the machine: answered with a study open or not. Saving replaces all of them; what is absent is unset. */
export const machineSettingsCalls = {
  'settings.machine': call(strictObject({}), { who: 'anyone' }).returns<Told<MachineSettings>>(),
  'settings.saveMachine': call(strictObject({ settings: strictObject(tooling) }), { who: 'anyone' }).returns<
    Told<MachineSettings>
  >(),
};

/** Settings of the open study, and what comes of both. Saving replaces all of the study's. */
export const settingsCalls = {
  ...machineSettingsCalls,
  'settings.study': call(strictObject({}), { who: 'reader' }).returns<Told<StudySettings>>(),
  'settings.saveStudy': call(
    strictObject({
      settings: strictObject({
        ...tooling,
        takeUp4d: optional(boolean()),
        takeUpWithoutOrientation: optional(boolean()),
        measureImageQuality: optional(boolean()),
        measureTexture: optional(boolean()),
        tableAboutScan: optional(boolean()),
      }),
    }),
    { who: 'owner' },
  ).returns<Told<StudySettings>>(),
  /** What runs go by: the study's word where it has one, else the machine's. */
  'settings.effective': call(strictObject({}), { who: 'reader' }).returns<StudySettings>(),
};

export interface Told<Settings> {
  readonly settings: Settings;
  /** What is saved and will not work: a folder that is not there, a relative path. */
  readonly notes: readonly SettingNote[];
}
