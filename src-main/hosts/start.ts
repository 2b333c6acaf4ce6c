import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * `npm start`: the desktop window where Electron's binary is at hand, else the same workstation in the browser, with a
 * sentence that says so.
 */
const root = resolve(import.meta.dirname, '..', '..');
const package_ = join(root, 'node_modules', 'electron');
const binary = ((): string | null => {
  const named = join(package_, 'path.txt');
  if (!existsSync(named)) return null;
  const path = join(package_, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(path) ? path : null;
})();

const [file, args] =
  binary === null
    ? [
        process.execPath,
        [join(root, 'src-main', 'hosts', 'cli', 'cli.ts'), 'serve', ...process.argv.slice(2)],
      ]
    : [binary, [join(root, 'out', 'main', 'electron.js'), ...process.argv.slice(2)]];
if (binary === null) {
  process.stderr.write(
    'Electron is not installed here (its binary is a download of its own: npx install-electron). Opening in the browser instead.\n',
  );
}
const child = spawn(file, args, { stdio: 'inherit' });
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill());
child.on('exit', (code) => (process.exitCode = code ?? 0));
