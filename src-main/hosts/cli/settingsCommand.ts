import { join } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import { safeParse } from '../../../src-shared/api/checks.ts';
import { settingsCalls } from '../../../src-shared/api/settingsCalls.ts';
import { mergedSettings, type SettingNote, type StudySettings } from '../../../src-shared/domain/settings.ts';
import { saveMachine, toldOf } from '../../engine/settingsHandlers.ts';
import { machineSettingsIn } from '../../files/machineSettings.ts';
import { allTools } from '../../tools/allTools.ts';
import { stateFolder } from '../stateFolder.ts';
import { show, type OutputOptions } from './terminal.ts';
import { withEngine } from './withEngine.ts';

/** What can be set for a machine can be set for a study too, which has some settings of its own. */
const schemaOf = ({ study }: SettingsOptions) =>
  study === undefined
    ? settingsCalls['settings.saveMachine'].schema
    : settingsCalls['settings.saveStudy'].schema;

interface SettingsOptions extends OutputOptions {
  readonly study?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

/** Adds `settings`: what is set for this machine or a study, and changing it by dotted names. */
export function registerSettings(
  program: Command,
  told: (work: (options: SettingsOptions) => Promise<void>) => (options: SettingsOptions) => Promise<void>,
): void {
  program
    .command('settings')
    .description('Where tools lie and how they are started: for this machine, or for one study over it.')
    .option('--study <folder>', 'the settings of this study instead of those of this machine')
    .option(
      '--set <name=value...>',
      'for example fslFolder=/usr/local/fsl tools.quickshear.settings.bufferMm=8',
    )
    .option('--unset <names...>', 'names to forget')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  defaceqa settings --set tools.fsldeface.launcher.kind=docker tools.fsldeface.launcher.image=lab/fsl:6.0' +
        '\n  defaceqa settings --study /data/study --set takeUp4d=true',
    )
    .action(told(settingsCommand));
}

async function settingsCommand(options: SettingsOptions): Promise<void> {
  const changes = options.set !== undefined || options.unset !== undefined;
  const edited = (now: StudySettings) => {
    const settings = withChanges(now, options.set ?? [], options.unset ?? []);
    const parsed = safeParse(schemaOf(options), { settings });
    if (!parsed.success) {
      throw new AppError(
        'settings-invalid',
        `Nothing was saved: ${parsed.issues.map(({ message, path }) => `${(path ?? []).map((part) => String(part.key)).join('.')}: ${message}`).join('; ')}.`,
      );
    }
    return parsed.output.settings;
  };
  if (options.study === undefined) {
    const file = machineSettingsIn(join(stateFolder(), 'settings.json'));
    const { settings, notes } = changes
      ? await saveMachine(edited(file.read()), file, allTools)
      : await toldOf(file.read());
    print(options, { settings, notes });
    return;
  }
  await withEngine({ studyFolder: options.study, workers: 1 }, async ({ api }) => {
    const now = await api['settings.study']({});
    const { settings, notes } = changes
      ? await api['settings.saveStudy']({ settings: edited(now.settings) })
      : now;
    const effective = mergedSettings((await api['settings.machine']({})).settings, settings);
    print(options, { settings, notes, effective });
  });
}

function print(
  options: OutputOptions,
  told: { settings: StudySettings; notes: readonly SettingNote[]; effective?: StudySettings },
): void {
  show(options, told, () =>
    [
      JSON.stringify(told.settings, null, 2),
      ...told.notes.map(({ setting, sentence }) => `${setting}: ${sentence}`),
      ...(told.effective === undefined
        ? []
        : ['', 'With those of this machine:', JSON.stringify(told.effective, null, 2)]),
    ].join('\n'),
  );
}

type Tree = Record<string, unknown>;

/** Dotted names set and forgotten. Values that read as JSON (numbers, true, lists) are that, others are words. */
function withChanges(
  now: StudySettings,
  set: readonly string[],
  unset: readonly string[],
): Record<string, unknown> {
  const all = structuredClone(now) as Tree;
  for (const text of set) {
    const at = text.indexOf('=');
    if (at < 1) throw new AppError('settings-invalid', 'Write NAME=VALUE after --set.', {});
    place(all, text.slice(0, at).split('.'), valueOf(text.slice(at + 1)));
  }
  for (const name of unset) place(all, name.split('.'), undefined);
  return all;
}

function place(tree: Tree, [first, ...rest]: readonly string[], value: unknown): void {
  if (first === '__proto__') throw new AppError('settings-invalid', 'There is no such setting.', {});
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(tree, first);
    else tree[first] = value;
    return;
  }
  const below = Object.hasOwn(tree, first) ? tree[first] : {};
  const branch = (typeof below === 'object' && below !== null ? below : {}) as Tree;
  tree[first] = branch;
  place(branch, rest, value);
}

function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : value;
  } catch {
    return text;
  }
}
