import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where this machine's own small files lie, the same for window, browser and command line: settings and the list of recent
 * studies. `DEFACEQA_STATE_FOLDER` says otherwise.
 */
export function stateFolder(environment: Environment = process.env, platform = process.platform): string {
  const { DEFACEQA_STATE_FOLDER: told, APPDATA: appData, XDG_CONFIG_HOME: config } = environment;
  if (told !== undefined && told !== '') return told;
  if (platform === 'win32') return join(appData ?? join(homedir(), 'AppData', 'Roaming'), 'defaceqa');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'defaceqa');
  return join(config ?? join(homedir(), '.config'), 'defaceqa');
}
