import type { Launcher } from './launcher.ts';
import { carriedVariables } from './launcher.ts';

/** `C:\a\b` to `/mnt/c/a/b`, `\\wsl$\Name\home` (or `\\wsl.localhost\...`) to `/home`; anything else as it is. */
export function toWslPath(path: string): string {
  const inside = /^\\\\wsl(?:\$|\.localhost)\\[^\\]+(.*)$/i.exec(path);
  if (inside !== null) return inside[1].replaceAll('\\', '/') || '/';
  const drive = /^([A-Za-z]):[\\/](.*)$/.exec(path);
  return drive === null ? path : `/mnt/${drive[1].toLowerCase()}/${drive[2].replaceAll('\\', '/')}`;
}

/** A Linux program beside Windows, started through wsl.exe without a shell. */
export const wsl = ({ distribution }: { distribution?: string } = {}): Launcher => ({
  kind: 'wsl',
  wrap: (command, { folder }) => {
    const work = toWslPath(folder);
    return {
      file: 'wsl.exe',
      args: [
        ...(distribution === undefined ? [] : ['--distribution', distribution]),
        '--cd',
        work,
        '--exec',
        'env',
        ...carriedVariables(command.env).map(([name, value]) => `${name}=${toWslPath(value)}`),
        `TMPDIR=${work}`,
        toWslPath(command.file),
        ...command.args.map(toWslPath),
      ],
      env: command.env,
    };
  },
});
