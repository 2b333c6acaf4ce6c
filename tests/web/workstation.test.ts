import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import { chromium, type Browser, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeNifti } from '../../src-shared/volume/writeNifti.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { writeNiftiBytes } from '../../src-main/files/writeNiftiFile.ts';
import { describeIf, hasShared, sharedPath } from '../fixtures/shared.ts';

const root = resolve(import.meta.dirname, '..', '..');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Pictures of every screen, to be looked at; never part of the project. */
const shots = join(root, '.cache', 'screenshots');

describeIf(
  existsSync(executablePath),
  'no Chromium here (CHROMIUM names another place)',
  'the workstation in a browser, from import to looking at faces',
  () => {
    let folder: string;
    let host: ChildProcess;
    let origin: string;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    const strangers: string[] = [];

    async function startHost(): Promise<string> {
      host = spawn(
        process.execPath,
        [
          join(root, 'src-main/hosts/cli/cli.ts'),
          ...['serve', '--no-open', '--json', '--root', folder, '--workers', '1'],
          ...['--state-folder', join(folder, 'state'), '--sample-folder', join(folder, 'sample')],
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let text = '';
      for await (const part of host.stdout ?? []) {
        text += String(part);
        const url = /"url": "([^"]+)"/.exec(text)?.[1];
        if (url !== undefined) return url;
      }
      throw new Error('the host ended before it gave its address');
    }

    async function stopHost(): Promise<void> {
      if (host.exitCode !== null) return;
      host.kill('SIGKILL');
      await once(host, 'exit');
    }

    const call = (name: string, input: object): Promise<{ ok: boolean; value: never }> =>
      page.evaluate(
        async ([path, body]) => {
          const answer = await fetch(`/api/${path}`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body,
          });
          return (await answer.json()) as { ok: boolean; value: never };
        },
        [name, JSON.stringify(input)] as const,
      );

    const heading = (name: string) => page.getByRole('heading', { level: 1, name });

    async function go(route: string): Promise<void> {
      await page.goto(`${origin}/#/${route}`);
    }

    async function jobsEnd(): Promise<string> {
      for (;;) {
        const jobs: { state: string }[] = (await call('jobs.list', {})).value;
        const last = jobs.at(-1)?.state ?? 'none';
        if (last !== 'running') return last;
        await page.waitForTimeout(300);
      }
    }

    /** No serious finding of axe on what is shown, and a picture of it at both sizes. */
    async function look(name: string): Promise<void> {
      await page.evaluate(
        await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
      );
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
      });
      expect(found, `${name}: what axe finds serious`).toEqual([]);
      for (const [width, height] of [
        [1920, 1080],
        [1280, 800],
      ] as const) {
        await page.setViewportSize({ width, height });
        await page.screenshot({ path: join(shots, `${name}-${width}.png`) });
      }
    }

    beforeAll(async () => {
      await mkdir(shots, { recursive: true });
      await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
      folder = await mkdtemp(join(tmpdir(), 'window-'));
      const heads = join(folder, 'heads');
      await mkdir(heads);
      for (const [name, seed, contrast] of [
        ['sub-01_T1w', 4, 'T1w'],
        ['sub-02_FLAIR', 9, 'FLAIR'],
      ] as const) {
        const { volume } = phantomHead({ seed, contrast, spacingMm: 2 });
        await writeNiftiBytes(join(heads, `${name}.nii.gz`), encodeNifti(volume));
      }
      if (hasShared) {
        for (const name of ['t1_fullhead_1p6mm', 'not_a_head_melon', 't2_oblique_cutfov']) {
          await symlink(sharedPath('data', 'heads', `${name}.nii.gz`), join(heads, `${name}.nii.gz`));
        }
      }
      await writeFile(join(heads, 'broken.nii.gz'), 'not an image');
      browser = await chromium.launch({
        executablePath,
        args: [
          ...[
            '--no-sandbox',
            '--disable-quic',
            '--disable-background-networking',
            '--disable-component-update',
          ],
          ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
        ],
      });
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.on('console', (message) => {
        // A host killed on purpose leaves refused connections, which the browser reports by itself.
        if (message.type() === 'error' && !/Failed to load resource|ERR_CONNECTION/.test(message.text()))
          complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (hostname !== '127.0.0.1' && protocol !== 'data:' && protocol !== 'blob:')
          strangers.push(request.url());
      });
      const url = await startHost();
      origin = new URL(url).origin;
      await page.goto(url);
    });

    afterAll(async () => {
      await browser.close();
      await stopHost();
      await rm(folder, { recursive: true });
    });

    it('greets a newcomer and makes a study by the folder picker', async () => {
      await heading('Studies').waitFor();
      await look('home-empty');
      await page.getByRole('button', { name: 'New study…' }).first().click();
      await page.getByLabel('Name of the new folder').fill('my study');
      await page.getByRole('button', { name: 'Make the study here' }).click();
      await heading('Import').waitFor();
      await look('import-empty');
      for (const [route, title] of [
        ['overview', 'Overview'],
        ['batch', 'Batch'],
        ['scans', 'Scans'],
      ] as const) {
        await go(route);
        await heading(title).waitFor();
        await look(`${route}-empty`);
      }
    });

    it('imports a folder and says what each file is', async () => {
      await go('import');
      await page.getByRole('button', { name: 'Choose a folder…' }).click();
      await page.getByRole('button', { name: 'heads', exact: true }).click();
      await page.getByRole('button', { name: 'Import this folder' }).click();
      await page.getByText('broken.nii.gz').first().waitFor();
      expect(await jobsEnd()).toBe('done');
      await page.getByRole('gridcell', { name: 'Unreadable' }).waitFor();
      await page.getByRole('gridcell', { name: 'broken.nii.gz' }).click();
      await page.getByRole('link', { name: 'What to do' }).waitFor();
      await look('import');
    });

    it('stops a batch, survives a killed host, and goes on where it was', async () => {
      await go('batch');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      await look('batch-busy');
      await page.getByRole('button', { name: 'Stop' }).click();
      expect(await jobsEnd()).toBe('cancelled');
      await page.getByText(/was stopped before its end/).waitFor();
      await page.getByRole('button', { name: /Start|Go on/ }).click();
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      await page.waitForTimeout(1500);
      await stopHost();
      await page.getByText('does not answer').waitFor();
      await look('host-gone');

      const url = await startHost();
      origin = new URL(url).origin;
      await page.goto(url);
      await page.getByRole('button', { name: /my study/ }).click();
      await heading('Overview').waitFor();
      await go('batch');
      await page.getByText(/was stopped before its end/).waitFor();
      await page.getByRole('button', { name: /Start|Go on/ }).click();
      expect(await jobsEnd()).toBe('done');
      await page.getByRole('gridcell', { name: 'Done' }).first().waitFor();
      await page.getByRole('gridcell', { name: 'Done' }).first().click();
      await look('batch');
      await go('overview');
      await page.getByText('defacings measured').waitFor();
      await page.getByRole('button', { name: 'Verify files' }).click();
      await page.getByText(/files of this study are as they were written/).waitFor();
      await look('overview');
    });

    it('compares faces by views, slices and surfaces', async () => {
      await go('scans');
      await page.getByRole('gridcell', { name: /^sub-01_T1w$/ }).click();
      await page.getByText('Template fit').waitFor();
      await look('scans');
      await page.getByRole('button', { name: 'Compare' }).click();
      await heading('sub-01_T1w').waitFor();
      await expect
        .poll(() =>
          page
            .locator('.views img')
            .evaluateAll(
              (images) =>
                images.length === 10 &&
                images.every((image) => image instanceof HTMLImageElement && image.naturalWidth === 512),
            ),
        )
        .toBe(true);
      await look('compare-views');
      await page.getByRole('button', { name: /Original, Front: show large/ }).click();
      await look('compare-large');
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: 'Slices' }).click();
      await page.getByLabel('original, sagittal slice').waitFor();
      await page.getByLabel('original, sagittal slice').focus();
      const before = await page.locator('output').innerText();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => page.locator('output').innerText()).not.toBe(before);
      await look('compare-slices');
      await page.getByRole('tab', { name: '3D' }).click();
      await page.getByText('drawing…').first().waitFor({ state: 'hidden' });
      await page.keyboard.press('4');
      await page.waitForTimeout(500);
      await look('compare-surfaces');
    });

    it('is at hand by keyboard: palette, jumps, help', async () => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('light');
      await page.keyboard.press('Enter');
      expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await heading('Overview').waitFor();
      await look('overview-light');
      await page.keyboard.press('g');
      await page.keyboard.press(',');
      await heading('Settings').waitFor();
      await look('settings-light');
      await go('help/outcomes/brain-cut');
      await page.getByRole('article').getByRole('heading').first().waitFor();
      await look('help-light');
    });

    it('complained of nothing and asked nobody but this machine', () => {
      expect(complaints).toEqual([]);
      expect(strangers).toEqual([]);
    });
  },
);
