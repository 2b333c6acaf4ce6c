import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..', '..');
const package_ = join(root, 'node_modules', 'electron');
const named = join(package_, 'path.txt');
const binary = existsSync(named) ? join(package_, 'dist', readFileSync(named, 'utf8').trim()) : null;
const built = existsSync(join(root, 'out', 'main', 'electron.js'));
const ready = binary !== null && existsSync(binary) && built;

// The one test that may be skipped in CI: Electron's binary is a download of its own.
(ready ? describe : describe.skip)(
  'the desktop application (skipped: no Electron binary, or not built)',
  () => {
    it('opens its window on the home screen, without Node in the page', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'electron-'));
      const app = await _electron.launch({
        executablePath: binary ?? '',
        args: [join(root, 'out', 'main', 'electron.js'), `--user-data-dir=${folder}`],
      });
      const page = await app.firstWindow();
      await page.getByRole('heading', { level: 1, name: 'Studies' }).waitFor();
      expect(page.url()).toMatch(/^defaceqa:\/\/app\//);
      expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe(
        'undefined',
      );
      await app.close();
      await rm(folder, { recursive: true, force: true });
    });
  },
);
