#!/usr/bin/env node
// Starts the command line on the Node this project pins where the system's is older than the sources need.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./cli.ts');
} else {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    console.error(
      `DefaceQA needs Node 22.18 or newer (this is ${process.versions.node}). Run "npm ci" in ${root} first.`,
    );
    process.exitCode = 1;
  } else {
    const child = spawn(node, [join(root, 'src-main', 'hosts', 'cli', 'cli.ts'), ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    // A terminal sends Ctrl-C to both; the child decides when it is done.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (signal !== 'SIGINT') child.kill(signal);
      });
    }
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
    });
  }
}
