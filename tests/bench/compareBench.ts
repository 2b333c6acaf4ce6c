import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from 'playwright';
import { build } from 'vite';
import { writeNiftiBytes } from '../../src-main/files/writeNiftiFile.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { encodeNifti } from '../../src-shared/volume/writeNifti.ts';
import { hasShared, sharedPath } from '../fixtures/shared.ts';

const root = resolve(import.meta.dirname, '..', '..');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const goals = { ahead: 100, cold: 500 };
const ways = ['Five views', 'Slices', '3D'] as const;

/** Whether a way of comparing is on the screen; works inside the page. */
function isThere(way: string): boolean {
  if (way === 'Five views') {
    const images = [...document.querySelectorAll<HTMLImageElement>('.views img')];
    return images.length === 10 && images.every((image) => image.complete && image.naturalWidth > 0);
  }
  if (way === 'Slices') return document.querySelectorAll('canvas').length === 6;
  return document.querySelector('.titles')?.textContent.includes('drawing') === false;
}

/**
 * How long the next scan takes to be on the screen of Compare, asked for the first time and when it was fetched ahead, for
 * each of its three ways, and what one picture of the heads takes in 3D as it is drawn here. False where a goal is missed.
 */
export async function compareBench(print: (line: string) => void = console.log): Promise<boolean> {
  if (!existsSync(executablePath)) {
    print('skipped: no Chromium here (CHROMIUM names another place)');
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'compare-bench-'));
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
  const { host, url } = await serve(folder);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  let reached = true;
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(300_000);
    await page.goto(url);
    await makeStudy(page, folder);
    for (const way of ways) {
      const cold: number[] = [];
      const ahead: number[] = [];
      await page.evaluate(() => (location.hash = '#/home'));
      await page.evaluate(() => (location.hash = '#/compare'));
      await page.getByRole('tab', { name: way }).click();
      await page.waitForFunction(isThere, way);
      // Away at once, before anything was fetched ahead: the next one is cold. Then two that were waited for.
      cold.push(await next(page, way));
      for (let n = 0; n < 2; n++) {
        await page.waitForTimeout(8000);
        ahead.push(await next(page, way));
      }
      for (const [kind, times] of Object.entries({ cold, ahead })) {
        const ms = Math.min(...times);
        const goal = goals[kind as keyof typeof goals];
        reached &&= ms <= goal;
        print(
          `${way}, next scan, ${kind === 'cold' ? 'cold' : 'fetched ahead'} (goal ${goal} ms)`.padEnd(52) +
            `${ms.toFixed(0)} ms`.padStart(23) +
            (ms <= goal ? '  reached' : '  MISSED'),
        );
      }
    }
    await page
      .locator('[data-frame-ms]')
      .waitFor({ timeout: 20_000 })
      .catch(() => null);
    const frame = await page
      .locator('[data-frame-ms]')
      .getAttribute('data-frame-ms', { timeout: 1000 })
      .catch(() => null);
    print(
      frame === null
        ? '3D is drawn by a graphics card here'
        : `3D, three heads, one picture drawn in software`.padEnd(52) +
            `${Number(frame).toFixed(0)} ms`.padStart(23),
    );
  } finally {
    await browser.close();
    host.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  return reached;
}

async function serve(folder: string): Promise<{ host: ChildProcess; url: string }> {
  const host = spawn(
    process.execPath,
    [
      join(root, 'src-main/hosts/cli/cli.ts'),
      ...['serve', '--no-open', '--json', '--root', folder, '--state-folder', join(folder, 'state')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  for await (const part of host.stdout) {
    text += String(part);
    const url = /"url": "([^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return { host, url };
  }
  throw new Error('the host ended before it gave its address');
}

/** Five heads of about 1 mm, both built-in tools. */
async function makeStudy(page: Page, folder: string): Promise<void> {
  const heads = join(folder, 'heads');
  mkdirSync(heads);
  const real = [
    'colin27_t1',
    't1_mprage_capsules',
    'flair_3d_1mm',
    't1_fullhead_1p6mm',
    't1_patient_upperface',
  ];
  for (const [n, name] of real.entries()) {
    if (hasShared) symlinkSync(sharedPath('data', 'heads', `${name}.nii.gz`), join(heads, `${name}.nii.gz`));
    else
      await writeNiftiBytes(
        join(heads, `sub-${n}_T1w.nii.gz`),
        encodeNifti(phantomHead({ seed: n + 1, spacingMm: 1.2 }).volume),
      );
  }
  const call = (name: string, input: object): Promise<{ value: { jobId: number } }> =>
    page.evaluate(
      async ([path, body]) =>
        (await (
          await fetch(`/api/${path}`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body,
          })
        ).json()) as { value: { jobId: number } },
      [name, JSON.stringify(input)] as const,
    );
  await call('workspace.createStudy', { folder: join(folder, 'study') });
  const tools = ['quickshear-builtin', 'facemask-builtin'];
  const { value } = await call('runs.start', { input: heads, tools });
  await call('jobs.wait', { jobId: value.jobId });
  await page.reload();
  await page.getByRole('link', { name: 'Compare' }).waitFor();
}

/** Presses the key for the next scan; milliseconds until it is drawn. */
async function next(page: Page, way: string): Promise<number> {
  const title = await page.getByRole('heading', { level: 1 }).innerText();
  const from = await page.evaluate(() => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
    return performance.now();
  });
  await page.waitForFunction((title) => document.querySelector('h1')?.textContent !== title, title);
  await page.waitForFunction(isThere, way);
  return (await page.evaluate(() => performance.now())) - from;
}
