import type { Launcher } from './launcher.ts';
import { carriedVariables } from './launcher.ts';

/** `C:\a\b` to `/mnt/c/a/b`, `\\wsl$\Name\home` (or `\\wsl.localhost\...`) to `/home`; anything else as it is. */
export function toWslPath(path: string): string {
  const inside = /^\\\\wsl(?:\$|\.localhost)\\[^\\]+(.*)$/i.exec(path);
  if (inside !== null) return inside[1].replaceAll('\\', '/') || '/';
  const drive = /^([A-Za-z]):[\\/](.*)$/.exec(path);
  return drive === null ? path : `/mnt/${drive[1].toLowerCase()}/${drive[2].replaceAll('\\', '/')}`;
}

/** What a Linux without a login shell searches. */
const linuxPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A Linux program beside Windows, started through wsl.exe without a shell. `searchFolders` come before the usual path. */
export const wsl = ({
  distribution,
  searchFolders = [],
}: { distribution?: string; searchFolders?: readonly string[] } = {}): Launcher => ({
  kind: 'wsl',
  program: 'wsl.exe',
  file: null,
  mend: 'Install the Windows Subsystem for Linux: wsl --install',
  wrap: (command, { folder }) => {
    const work = toWslPath(folder);
    const path = [...searchFolders.map(toWslPath), linuxPath].join(':');
    return {
      file: 'wsl.exe',
      args: [
        ...(distribution === undefined ? [] : ['--distribution', distribution]),
        '--cd',
        work,
        '--exec',
        'env',
        `PATH=${path}`,
        ...carriedVariables(command.env).map(([name, value]) => `${name}=${toWslPath(value)}`),
        `TMPDIR=${work}`,
        toWslPath(command.file),
        ...command.args.map(toWslPath),
      ],
      env: command.env,
    };
  },
});
