import { join } from 'node:path';
import { openStore } from '../../src-main/store/openStore.ts';
import { scansOf } from '../../src-main/store/scans.ts';
import { quantile } from '../../src-shared/stats/quantile.ts';
import { inventedScan } from '../fixtures/learnableStudy.ts';
import { onBenchPage } from './benchPage.ts';

const scans = 10_000;
const steps = 120;
/** Frames this long are still smooth, as a multiple of an empty frame of the same session. */
const goalRatio = 2;

/**
 * The list of a study of 10,000 scans: until it stands, frames while it is scrolled from top to bottom, sorting and
 * filtering. False where the median frame of scrolling takes more than twice an empty one.
 */
export async function scansBench(print: (line: string) => void = console.log): Promise<boolean> {
  return onBenchPage(print, async ({ page, host, folder, call }) => {
    const study = join(folder, 'study');
    const store = openStore(study, { newStudyId: () => 'long' });
    store.atOnce(() => {
      const known = scansOf(store);
      for (let person = 1; person <= scans; person++)
        known.save(inventedScan(known.idOf(`/heads/${String(person)}`), person, 1), {});
    });
    store.close();
    await call('workspace.openStudy', { folder: study });
    const opened = performance.now();
    await page.goto(`${host.origin}/#/scans`);
    await page.getByRole('row', { name: /sub-001_/ }).waitFor();
    print(`${String(scans)} scans stand after ${(performance.now() - opened).toFixed(0)} ms`);
    const frames = (scroll: boolean): Promise<number[]> =>
      page.evaluate(
        async ([count, moves]) => {
          const body = document.querySelector('[role="grid"] .body');
          if (body === null) throw new Error('there is no table');
          const times: number[] = [];
          let last = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
          for (let n = 1; n <= count; n++) {
            if (moves) body.scrollTop = (n / count) * body.scrollHeight;
            const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
            times.push(now - last);
            last = now;
          }
          return times;
        },
        [steps, scroll] as const,
      );
    const [empty, scrolled] = [await frames(false), await frames(true)];
    const ratio = quantile(scrolled, 0.5) / quantile(empty, 0.5);
    print(
      `scrolling: median frame ${quantile(scrolled, 0.5).toFixed(1)} ms, 95th percentile ${quantile(scrolled, 0.95).toFixed(1)} ms; empty ${quantile(empty, 0.5).toFixed(1)} ms; ratio ${ratio.toFixed(2)} (goal ${String(goalRatio)})`,
    );
    const sortedAt = performance.now();
    await page.getByRole('columnheader').getByRole('button').first().click();
    await page.locator('[aria-sort="ascending"], [aria-sort="descending"]').first().waitFor();
    print(`sorting: ${(performance.now() - sortedAt).toFixed(0)} ms`);
    return ratio <= goalRatio;
  });
}
