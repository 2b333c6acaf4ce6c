import { join } from 'node:path';
import { mergedSettings, type StudySettings } from '../../../src-shared/domain/settings.ts';
import { openPrograms } from '../../engine/programs.ts';
import { machineSettingsIn } from '../../files/machineSettings.ts';
import { openStore } from '../../store/openStore.ts';
import { settingRowsOf } from '../../store/settingRows.ts';
import { programTools } from '../../tools/programTools.ts';
import { builtInTools } from '../../tools/tools.ts';
import { stateFolder } from '../stateFolder.ts';
import { show, table, type OutputOptions } from './terminal.ts';

/**
 * `tools`: what can deface here by the settings of this machine, and of a study where one is named, and what mends what
 * is missing. Nothing is started but version questions.
 */
export async function toolsCommand(options: OutputOptions & { readonly study?: string }): Promise<void> {
  const machine = machineSettingsIn(join(stateFolder(), 'settings.json')).read();
  const settings = mergedSettings(machine, options.study === undefined ? {} : ofStudy(options.study));
  const found = await openPrograms(process.env, () => settings).find(programTools);
  show(options, { builtIn: builtInTools, programs: found }, () =>
    [
      table(
        ['tool', 'makes', 'found', 'version', 'started', 'path'],
        [
          ...builtInTools.map(({ id, version }) => [id, 'defacing', 'built in', version, null, null]),
          ...found.map(({ id, makes, found: here, version, launcher, path }) => [
            id,
            makes,
            here ? 'yes' : 'no',
            version,
            launcher,
            path,
          ]),
        ],
      ),
      ...found
        .filter(({ found: here }) => !here)
        .map(
          ({ title, missing, mend }) =>
            `\n${title}: missing ${missing.map(({ what }) => what).join(', ')}. ${mend ?? ''}`,
        ),
      ...found
        .filter(({ badVersion }) => badVersion !== null)
        .map(({ title, version, badVersion }) => `\n${title} ${version ?? ''} ${badVersion ?? ''}.`),
      '\n',
      ...found.map(({ title, licence }) => `\n${title}: ${licence}`),
    ].join(''),
  );
}

function ofStudy(folder: string): StudySettings {
  const store = openStore(folder, { readOnly: true, newStudyId: () => '' });
  try {
    return settingRowsOf(store).read();
  } finally {
    store.close();
  }
}
