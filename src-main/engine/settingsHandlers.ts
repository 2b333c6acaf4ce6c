import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { machineSettingsCalls, settingsCalls, Told } from '../../src-shared/api/settingsCalls.ts';
import type {
  LauncherChoice,
  MachineSettings,
  SettingNote,
  ToolingSettings,
} from '../../src-shared/domain/settings.ts';
import type { MachineSettingsFile } from '../files/machineSettings.ts';
import type { ProgramTool } from '../tools/programTool.ts';
import type { BuiltInTool } from '../tools/tool.ts';
import type { Engine } from './engine.ts';
import { takeUpOnRequest } from './takeUp.ts';

type Tools = readonly (BuiltInTool | ProgramTool)[];

/** The calls about this machine, which need no study. */
export function machineSettingsHandlers(
  file: MachineSettingsFile,
  tools: Tools,
): HandlersOf<typeof machineSettingsCalls> {
  return {
    'settings.machine': () => toldOf(file.read()),
    'settings.saveMachine': ({ settings }) => saveMachine(settings, file, tools),
  };
}

/** Throws `tool-unknown`, `tool-setting` and `settings-invalid`, and saves nothing then. */
export async function saveMachine(
  settings: MachineSettings,
  file: MachineSettingsFile,
  tools: Tools,
): Promise<Told<MachineSettings>> {
  requireKnown(settings, tools);
  await file.save(settings);
  return toldOf(settings);
}

/** Settings with what can not work of them as the machine is now. */
export const toldOf = async <S extends ToolingSettings>(settings: S): Promise<Told<S>> => ({
  settings,
  notes: await notesOn(settings),
});

export function settingsHandlers(engine: Engine): HandlersOf<typeof settingsCalls> {
  const { settingRows, machineSettings, tools } = engine;
  return {
    ...machineSettingsHandlers(machineSettings, tools),
    'settings.study': () => toldOf(settingRows.read()),
    'settings.saveStudy': ({ settings }) => {
      requireKnown(settings, tools);
      settingRows.save(settings);
      takeUpOnRequest(engine);
      return toldOf(settings);
    },
    'settings.effective': () => engine.settings(),
  };
}

/** Throws `tool-unknown`, `tool-setting` and `settings-invalid`. */
function requireKnown(settings: ToolingSettings, tools: Tools): void {
  for (const [id, own] of Object.entries(settings.tools ?? {})) {
    const tool = tools.find((each) => each.id === id);
    if (tool === undefined) {
      throw new AppError('tool-unknown', `There is no tool named ${JSON.stringify(id)}.`, { tool: id });
    }
    requireSettings(tool, own.settings ?? {});
  }
}

/** Whether a tool has these settings, each of its kind. Throws `tool-setting` and `settings-invalid`. */
export function requireSettings(
  { id, defaults }: BuiltInTool | ProgramTool,
  settings: Readonly<Record<string, string | number | boolean>>,
): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new AppError('tool-setting', 'This tool has no such setting.', { tool: id, setting: name });
    }
    const usual = (defaults as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== typeof usual || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new AppError(
        'settings-invalid',
        `The setting ${name} of ${id} must be a ${typeof usual === 'boolean' ? 'yes or no' : typeof usual}.`,
        { tool: id, setting: name },
      );
    }
  }
}

/** What of these settings can not work on this machine as it is now. Nothing is refused: a drive may come back. */
async function notesOn(settings: ToolingSettings): Promise<SettingNote[]> {
  const elsewhere = settings.launcher?.kind === 'wsl';
  const places: [string, string | undefined, 'file' | 'folder'][] = [
    ...(settings.searchFolders ?? []).map((path, n): [string, string, 'folder'] => [
      `searchFolders.${n}`,
      path,
      'folder',
    ]),
    ['fslFolder', settings.fslFolder, 'folder'],
    ['freeSurferFolder', settings.freeSurferFolder, 'folder'],
    ['freeSurferLicence', settings.freeSurferLicence, 'file'],
    ['atlasFolder', settings.atlasFolder, 'folder'],
    ['niimathTemplate', settings.niimathTemplate, 'file'],
    ['niimathKeepMask', settings.niimathKeepMask, 'file'],
    ['launcher.image', imageOf(settings.launcher), 'file'],
  ];
  for (const [id, own] of Object.entries(settings.tools ?? {})) {
    const native = (own.launcher ?? settings.launcher ?? { kind: 'native' }).kind === 'native';
    if (native) places.push([`tools.${id}.path`, own.path, 'file']);
    places.push([`tools.${id}.launcher.image`, imageOf(own.launcher), 'file']);
  }
  const notes = await Promise.all(
    places.map(async ([setting, path, kind]): Promise<SettingNote[]> => {
      if (path === undefined || (elsewhere && path.startsWith('/'))) return [];
      if (!isAbsolute(path))
        return [{ setting, sentence: 'Give the whole path, from the root or drive on.' }];
      const there = await stat(path).catch(() => null);
      if (kind === 'file' ? there?.isFile() === true : there?.isDirectory() === true) return [];
      return [{ setting, sentence: `There is no such ${kind} on this machine now.` }];
    }),
  );
  return notes.flat();
}

/** An Apptainer image is a file. */
const imageOf = (launcher: LauncherChoice | undefined): string | undefined =>
  launcher?.kind === 'apptainer' ? launcher.image : undefined;
