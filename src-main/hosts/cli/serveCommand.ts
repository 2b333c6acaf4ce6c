import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { openWindowHost } from '../openWindowHost.ts';
import { stateFolder } from '../stateFolder.ts';
import { startWebHost } from '../web/webHost.ts';
import { show, type OutputOptions } from './terminal.ts';

export interface ServeOptions extends OutputOptions {
  readonly port?: number;
  readonly workers?: number;
  readonly root?: readonly string[];
  readonly study?: string;
  readonly sampleFolder?: string;
  readonly stateFolder?: string;
  readonly idleMinutes: number;
  readonly open: boolean;
}

const appFolder = resolve(import.meta.dirname, '..', '..', '..');

/** `serve`: the workstation for a browser on this machine, until Ctrl-C. */
export async function serveCommand(options: ServeOptions): Promise<void> {
  await buildIfMissing();
  const { workspace, handler } = openWindowHost({
    appFolder,
    stateFolder: options.stateFolder ?? stateFolder(),
    roots: (options.root ?? [homedir()]).map((folder) => resolve(folder)),
    workers: options.workers,
    sampleFolder: options.sampleFolder,
  });
  const host = await startWebHost({
    handler,
    port: options.port ?? 0,
    idleMs: options.idleMinutes * 60_000,
    onLocked: () => process.stderr.write(`Locked after idling. To go on: ${host.newUrl()}\n`),
  });
  if (options.study !== undefined) await workspace.openStudy(resolve(options.study));
  show(options, { url: host.firstUrl }, () =>
    [
      'The workstation is open for this machine only. Its address works once:',
      `  ${host.firstUrl}`,
      `Through SSH: ssh -L ${host.port}:127.0.0.1:${host.port} THIS-MACHINE, then the same address. Ctrl-C ends it.`,
    ].join('\n'),
  );
  if (options.open) openBrowser(host.firstUrl);
  await new Promise<void>((end) => {
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
  await host.close();
  await workspace.close();
}

/** In a checkout the interface is built on first use; a packaged application brings it along. */
async function buildIfMissing(): Promise<void> {
  if (existsSync(join(appFolder, 'out', 'renderer', 'index.html'))) return;
  process.stderr.write('Building the interface, once…\n');
  const { build } = await import('vite');
  await build({ configFile: join(appFolder, 'vite.config.ts'), logLevel: 'warn' });
}

/** Asks the system for its browser; where there is none, the printed address is enough. */
function openBrowser(url: string): void {
  const [file, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['explorer.exe', [url]]
        : ['xdg-open', [url]];
  const child = spawn(file, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
