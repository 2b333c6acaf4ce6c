import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { build } from 'vite';
import { quantile } from '../../src-shared/stats/quantile.ts';
import { writePicturedStudy } from '../fixtures/picturedStudy.ts';

const root = resolve(import.meta.dirname, '..', '..');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** From Enter to the next pair with all its ten pictures on the screen, verdict on disk, ms. */
const goalMs = 100;

/**
 * How long a rater waits for the next pair: from the key to the frame in which all pictures of the next pair stand, beside
 * the time of two empty frames in the same session. False where the median misses the goal.
 */
export async function nextPairBench(print: (line: string) => void = console.log): Promise<boolean> {
  if (!existsSync(executablePath)) {
    print('skipped: no Chromium here (CHROMIUM names another place)');
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'next-pair-'));
  const study = join(folder, 'study');
  mkdirSync(study);
  await writePicturedStudy(study, 8);
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
  const host = spawn(
    process.execPath,
    [
      join(root, 'src-main/hosts/cli/cli.ts'),
      ...['serve', '--no-open', '--json', '--root', folder, '--workers', '1'],
      ...['--state-folder', join(folder, 'state'), '--sample-folder', join(folder, 'sample')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-quic', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  try {
    let text = '';
    let url: string | undefined;
    for await (const part of host.stdout) {
      text += String(part);
      url = /"url": "([^"]+)"/.exec(text)?.[1];
      if (url !== undefined) break;
    }
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(url ?? '');
    await page.evaluate(async (folderOfStudy) => {
      const call = async (name: string, input: object): Promise<Record<string, string>> => {
        const session = sessionStorage.getItem('defaceqa-session');
        const answer = await fetch(`/api/${name}`, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            ...(session === null ? {} : { 'X-Session': session }),
          },
          body: JSON.stringify(input),
        });
        const { value } = (await answer.json()) as { value: Record<string, string> };
        return value;
      };
      await call('workspace.openStudy', { folder: folderOfStudy });
      const owner = await call('people.add', { name: 'Owner', role: 'owner', secret: 'a secret' });
      const { session } = await call('session.signIn', { accountId: owner.id, secret: 'a secret' });
      sessionStorage.setItem('defaceqa-session', session);
      const rater = await call('people.add', { name: 'Rater', role: 'rater', secret: 'a secret' });
      await call('rounds.open', {
        name: 'bench',
        primary: [owner.id, rater.id],
        third: null,
        minViewingMs: 0,
      });
    }, study);
    await page.reload();
    await page.evaluate(() => (location.hash = '#/rate'));
    await page.locator('.views img').nth(9).waitFor();
    const frames: number[] = [];
    const waits: number[] = [];
    for (let pair = 0; pair < 20; pair++) {
      await page.waitForTimeout(400); // somebody looks, and the next pictures arrive
      frames.push(
        await page.evaluate(async () => {
          const from = performance.now();
          for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
          return performance.now() - from;
        }),
      );
      await page.keyboard.press('1');
      const wait = page.evaluate(async () => {
        const title = (): string => document.querySelector('aside header strong')?.textContent ?? '';
        const before = title();
        const from = await new Promise<number>((done) =>
          window.addEventListener('keydown', () => done(performance.now()), { capture: true, once: true }),
        );
        for (;;) {
          await new Promise(requestAnimationFrame);
          const images = [...document.querySelectorAll<HTMLImageElement>('.views img')];
          if (title() === before || images.length < 15) continue;
          await Promise.all(images.map((image) => image.decode()));
          await new Promise(requestAnimationFrame);
          return performance.now() - from;
        }
      });
      await page.keyboard.press('Enter');
      waits.push(await wait);
    }
    const [median, worst] = [quantile(waits, 0.5), Math.max(...waits)];
    const frame = quantile(frames, 0.5);
    print(
      `next pair: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms; two empty frames ${frame.toFixed(0)} ms, ratio ${(median / frame).toFixed(1)} (goal ${goalMs} ms) ${median <= goalMs ? 'reached' : 'MISSED'}`,
    );
    return median <= goalMs;
  } finally {
    await browser.close();
    host.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
