import { mkdirSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { writeNiftiBytes } from '../../src-main/files/writeNiftiFile.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { encodeNifti } from '../../src-shared/volume/writeNifti.ts';
import { hasShared, sharedPath } from '../fixtures/shared.ts';
import { onBenchPage } from './benchPage.ts';

const goals = { ahead: 100, cold: 500 };
const ways = ['Five views', 'Slices', '3D'] as const;
type Way = (typeof ways)[number];
const real = [
  'colin27_t1',
  't1_mprage_capsules',
  'flair_3d_1mm',
  't1_fullhead_1p6mm',
  't2_oblique_cutfov',
  't1_2dsag_hfs',
];

/**
 * When what a way of comparing shows of a scan with `tools` defacings is on the screen; null while it is not. Works inside
 * the page.
 */
function whenThere({ way, tools, title }: { way: Way; tools: number; title: string }): number | null {
  const all = <Kind extends Element>(selector: string): Kind[] => [
    ...document.querySelectorAll<Kind>(selector),
  ];
  const there = {
    'Five views': () => {
      const images = all<HTMLImageElement>('.views img');
      return (
        images.length === (tools > 0 ? 10 : 5) &&
        images.every((image) => image.complete && image.naturalWidth > 0)
      );
    },
    Slices: () => all('canvas').length === (tools > 0 ? 6 : 3),
    '3D': () => {
      const heads = all('.titles span');
      return heads.length === tools + 1 && heads.every((head) => !head.textContent.includes('drawing'));
    },
  }[way];
  return all('h1').at(0)?.textContent === title && there() ? performance.now() : null;
}

interface Stop {
  readonly id: string;
  readonly title: string;
  /** Defacings that have a picture. */
  readonly tools: number;
}

/**
 * How long the next scan takes to be on the screen of Compare, asked for the first time and when it was fetched ahead, for
 * each of its three ways (in 3D with all its defacings), and what one picture of the heads takes in 3D as it is drawn here.
 * False where a goal is missed.
 */
export async function compareBench(print: (line: string) => void = console.log): Promise<boolean> {
  const wide = { workers: availableParallelism() };
  return onBenchPage(
    print,
    async ({ page, folder }) => {
      let reached = true;
      const stops = await makeStudy(page, folder);
      print(
        `${stops.length} ${hasShared ? 'real' : 'invented'} heads with ${stops.map(({ tools }) => tools).join(', ')} defacings`,
      );
      for (const way of ways) {
        const open = async ({ id }: Stop): Promise<void> => {
          await page.evaluate(() => (location.hash = '#/home'));
          await page.getByRole('heading', { level: 1, name: 'Studies' }).waitFor();
          await page.evaluate((id) => (location.hash = `#/compare/${id}`), id);
          await page.getByRole('tab', { name: way }).click();
        };
        // Opened and left at once, before anything could be fetched ahead: neither page nor host has seen the next one.
        const cold: number[] = [];
        for (let n = 0; n + 1 < stops.length; n += 2) {
          await open(stops[n]);
          cold.push(await next(page, way, stops[n + 1]));
        }
        const ahead: number[] = [];
        for (let n = 0; n + 1 < stops.length; n++) {
          await open(stops[n]);
          await page.waitForFunction(whenThere, { way, ...stops[n] });
          await page.waitForTimeout(4000);
          ahead.push(await next(page, way, stops[n + 1]));
        }
        for (const [kind, times] of Object.entries({ cold, ahead })) {
          const goal = goals[kind as keyof typeof goals];
          const ms = median(times);
          reached &&= ms <= goal;
          print(
            `${way}, next scan, ${kind === 'cold' ? 'cold' : 'fetched ahead'} (goal ${goal} ms)`.padEnd(52) +
              `${ms.toFixed(0)} ms`.padStart(10) +
              ` (${times.map((each) => each.toFixed(0)).join(', ')})` +
              (ms <= goal ? '  reached' : '  MISSED'),
          );
        }
      }
      await printFrames(page, print);
      return reached;
    },
    wide,
  );
}

/** What a picture takes in 3D, which the screen itself measures where no graphics card draws. */
async function printFrames(page: Page, print: (line: string) => void): Promise<void> {
  const frame = page.locator('[data-still-ms]');
  await frame.waitFor({ timeout: 20_000 }).catch(() => null);
  if ((await frame.count()) === 0) {
    print('3D is drawn by a graphics card here');
    return;
  }
  for (const [what, name] of [
    ['at rest', 'data-still-ms'],
    ['while turning', 'data-turning-ms'],
  ] as const) {
    const ms = Number(await frame.getAttribute(name));
    print(
      `3D, three heads, one picture in software, ${what}`.padEnd(52) +
        `${ms.toFixed(0)} ms`.padStart(10) +
        ` (${(1000 / ms).toFixed(0)} a second)`,
    );
  }
}

/** Heads of about 1 mm, both built-in tools; in the order of the screen. */
async function makeStudy(page: Page, folder: string): Promise<readonly Stop[]> {
  const heads = join(folder, 'heads');
  mkdirSync(heads);
  for (const [n, name] of real.entries()) {
    if (hasShared) symlinkSync(sharedPath('data', 'heads', `${name}.nii.gz`), join(heads, `${name}.nii.gz`));
    else
      await writeNiftiBytes(
        join(heads, `sub-${n}_T1w.nii.gz`),
        encodeNifti(phantomHead({ seed: n + 1, spacingMm: 1.2 }).volume),
      );
  }
  const call = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await page.evaluate(
      async ([path, body]) => {
        const sent = await fetch(`/api/${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        });
        return (await sent.json()) as { ok: boolean; value: unknown; error?: { message: string } };
      },
      [name, JSON.stringify(input)] as const,
    );
    if (!answer.ok) throw new Error(`${name}: ${answer.error?.message ?? ''}`);
    return answer.value as Value;
  };
  await call('workspace.createStudy', { folder: join(folder, 'study') });
  const tools = ['quickshear-builtin', 'facemask-builtin'];
  const { jobId } = await call<{ jobId: number }>('runs.start', { input: heads, tools });
  await call('jobs.wait', { jobId });
  const scans = await call<{ id: string; name: string; state: string }[]>('scans.list', {});
  const made = await call<{ scanId: string; path: string | null }[]>('defacings.list', {});
  await page.reload();
  await page.getByRole('link', { name: 'Compare' }).waitFor();
  return scans
    .filter(({ state }) => state === 'ok')
    .map(({ id, name }) => ({
      id,
      title: name,
      tools: made.filter(({ scanId, path }) => scanId === id && path !== null).length,
    }));
}

/** Presses the key for the next scan; milliseconds until it is drawn. */
async function next(page: Page, way: Way, stop: Stop): Promise<number> {
  const from = await page.evaluate(() => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
    return performance.now();
  });
  const there = await page.waitForFunction(whenThere, { way, ...stop });
  return Number(await there.jsonValue()) - from;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
