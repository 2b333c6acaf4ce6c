import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from '../../src-shared/stats/quantile.ts';
import { writePicturedStudy } from '../fixtures/picturedStudy.ts';
import { onBenchPage } from './benchPage.ts';

/** From Enter to the next pair with all its pictures on the screen, verdict on disk, ms. */
const goalMs = 100;
const pairs = 40;
/** Ten views, and under each defaced one its original, for the key that is held. */
const picturesOfPair = 15;

/**
 * How long a rater waits for the next pair: from the key to the frame in which all pictures of the next pair stand, beside
 * the time of two empty frames in the same session. False where the median misses the goal.
 */
export async function nextPairBench(print: (line: string) => void = console.log): Promise<boolean> {
  return onBenchPage(print, async ({ page, host, folder, call }) => {
    const study = join(folder, 'study');
    mkdirSync(study);
    await writePicturedStudy(study, Math.ceil(pairs / 3) + 1);
    const person = (name: string, role: string) =>
      call<{ id: string }>('people.add', { name, role, secret: 'a secret' });
    await call('workspace.openStudy', { folder: study });
    const owner = await person('Owner', 'owner');
    const { session } = await call<{ session: string }>('session.signIn', {
      accountId: owner.id,
      secret: 'a secret',
    });
    await page.evaluate((value) => sessionStorage.setItem('defaceqa-session', value), session);
    const rater = await person('Rater', 'rater');
    await call('rounds.open', { name: 'bench', primary: [owner.id, rater.id], third: null, minViewingMs: 0 });
    await page.goto(`${host.origin}/#/rate`);
    await page.reload();
    await page
      .locator('.views img')
      .nth(picturesOfPair - 1)
      .waitFor({ state: 'attached' });

    const frames: number[] = [];
    const waits: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      await page.waitForTimeout(400); // somebody looks, and the next pictures arrive
      frames.push(await page.evaluate(twoFrames));
      await page.keyboard.press('1');
      await page.evaluate(watchNextPair, picturesOfPair);
      await page.keyboard.press('Enter');
      waits.push(
        await page.evaluate(() => (globalThis as unknown as { nextPair: Promise<number> }).nextPair),
      );
    }
    const [median, p95] = [quantile(waits, 0.5), quantile(waits, 0.95)];
    const frame = quantile(frames, 0.5);
    print(
      `next pair of ${pairs}: median ${median.toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms; two empty frames ${frame.toFixed(0)} ms, ratio ${(median / frame).toFixed(1)} (goal ${goalMs} ms) ${median <= goalMs ? 'reached' : 'MISSED'}`,
    );
    return median <= goalMs;
  });
}

async function twoFrames(): Promise<number> {
  const from = performance.now();
  for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
  return performance.now() - from;
}

/** In the page: waits for the next Enter, then for another pair with all its pictures painted; milliseconds between. */
function watchNextPair(pictures: number): void {
  const shown = (): string | undefined => document.querySelector<HTMLElement>('[data-pair]')?.dataset.pair;
  const before = shown();
  const begun = new Promise<number>((done) =>
    window.addEventListener('keydown', () => done(performance.now()), { capture: true, once: true }),
  );
  const wait = async (): Promise<number> => {
    const from = await begun;
    for (;;) {
      await new Promise(requestAnimationFrame);
      const images = [...document.querySelectorAll<HTMLImageElement>('.views img')];
      if (shown() === before || images.length < pictures) continue;
      await Promise.all(images.map((image) => image.decode()));
      await new Promise(requestAnimationFrame);
      return performance.now() - from;
    }
  };
  (globalThis as unknown as { nextPair: Promise<number> }).nextPair = wait();
}
