import { readFileSync } from 'node:fs';
import { AppError } from '../../src-shared/api/appError.ts';
import { safeParse } from '../../src-shared/api/checks.ts';
import { machineSettingsCalls } from '../../src-shared/api/settingsCalls.ts';
import type { MachineSettings } from '../../src-shared/domain/settings.ts';
import { writeFileWhole } from './writeFile.ts';

/** Where the settings of this machine are kept. */
export interface MachineSettingsFile {
  /** Read anew each time, since another window may have saved. Throws `settings-damaged`. */
  readonly read: () => MachineSettings;
  readonly save: (settings: MachineSettings) => Promise<void>;
}

const { schema } = machineSettingsCalls['settings.saveMachine'];

/** Settings in a JSON file of the state folder; none where the file is not there. */
export function machineSettingsIn(path: string): MachineSettingsFile {
  return {
    read: () => {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
        throw damaged(path, error);
      }
      const parsed = safeParse(schema, { settings: parsedJson(path, text) });
      if (!parsed.success) throw damaged(path);
      return parsed.output.settings;
    },
    save: (settings) => writeFileWhole(path, `${JSON.stringify(settings, null, 2)}\n`),
  };
}

/** Settings that end with the process. */
export function machineSettingsInMemory(): MachineSettingsFile {
  let now: MachineSettings = {};
  return { read: () => now, save: (settings) => Promise.resolve(void (now = settings)) };
}

function parsedJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(path, error);
  }
}

const damaged = (path: string, cause?: unknown): AppError =>
  new AppError(
    'settings-damaged',
    'The settings of this machine cannot be read. Correct the file or move it away, and the usual places are searched again.',
    { path },
    { cause },
  );
