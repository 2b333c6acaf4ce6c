import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { practiceFolder } from '../../src-main/engine/practiceHandlers.ts';
import { encodePng } from '../../src-main/files/png.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { practiceItems, type PracticeTruth } from '../../src-shared/rating/practiceItem.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { renderViews } from '../../src-shared/views/renderViews.ts';
import { frameOf } from '../../src-shared/views/viewFrame.ts';
import { viewNames } from '../../src-shared/views/viewNames.ts';
import {
  callFrom,
  hasChromium,
  lookAt,
  noChromium,
  openWatchedPage,
  startBrowserHost,
  type BrowserHost,
  type Watched,
} from '../fixtures/browserHost.ts';
import { builtPages } from '../fixtures/builtPages.ts';
import { writeStudyRows } from '../fixtures/ratedStudy.ts';
import { roomPlayer, secretOf, type RoomPlayer } from '../fixtures/roomPlayer.ts';
import { describeIf } from '../fixtures/shared.ts';

/** Truths invented for the test: three of each verdict and one with brain cut; the pictures do not matter here. */
const truths = Array.from({ length: practiceItems }, (_, at): PracticeTruth => {
  const verdict = ((at % 3) + 1) as 1 | 2 | 3;
  const share = { 1: 0, 2: 0.05, 3: 0.6 }[verdict];
  return {
    verdict,
    remains: verdict === 1 ? [] : ['nose'],
    brainCut: at === 9,
    brainLossMl: at === 9 ? 3.4 : 0,
    regions: [
      { region: 'eyes', share: 0, state: 'gone' },
      { region: 'nose', share, state: ({ 1: 'gone', 2: 'trace', 3: 'present' } as const)[verdict] },
      { region: 'ears', share: 1, state: 'present' },
    ],
  };
});

describeIf(hasChromium, noChromium, 'practice, labels and copies in a browser', () => {
  vi.setConfig({ testTimeout: 120_000 });
  let folder: string;
  let host: BrowserHost;
  let watched: Watched;
  let page: Page;
  let player: RoomPlayer;
  const call = <Value>(name: string, input: object) => callFrom<Value>(page, name, input);
  const look = (name: string): Promise<void> => lookAt(page, name, ['dark']);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const tab = (name: string): Promise<void> => page.getByRole('tab', { name }).click();
  const choose = (label: string, option: string): Promise<unknown> =>
    page
      .locator('label', { has: page.getByText(label, { exact: true }) })
      .locator('select')
      .selectOption({ label: option });

  beforeAll(async () => {
    await builtPages();
    folder = await mkdtemp(join(tmpdir(), 'rating-records-'));
    const study = join(folder, 'study');
    await mkdir(study);
    writeStudyRows(study, { scans: 4, tools: ['quickshear-builtin', 'shear-far'], scansPerPerson: 1 });
    const { volume } = phantomHead({ seed: 2, spacingMm: 5 });
    const views = renderViews(volume, frameOf(findHead(volume)));
    for (const [at, truth] of truths.entries()) {
      const place = join(study, practiceFolder(1, at + 1));
      for (const side of ['original', 'defaced']) {
        await mkdir(join(place, side), { recursive: true });
        for (const name of viewNames)
          await writeFile(join(place, side, `${name}.png`), encodePng(views[name]));
      }
      await writeFile(join(place, 'truth.json'), JSON.stringify(truth));
    }
    watched = await openWatchedPage();
    ({ page } = watched);
    player = roomPlayer(page);
    host = await startBrowserHost(folder);
    await page.goto(host.url);
    await heading('Studies').waitFor();
    await call('workspace.openStudy', { folder: study });
    const add = async (name: string, role: string): Promise<string> =>
      (await call<{ id: string }>('people.add', { name, role, secret: secretOf(name) })).value.id;
    const owner = await add('Olga', 'owner');
    const { value } = await call<{ session: string }>('session.signIn', {
      accountId: owner,
      secret: secretOf('Olga'),
    });
    await page.evaluate((session) => sessionStorage.setItem('defaceqa-session', session), value.session);
    const raters = [await add('Anna', 'rater'), await add('Ben', 'rater')];
    await call('rounds.open', { name: 'First', primary: raters, third: null, practiceRequired: true });
    await page.reload();
    await page.getByText('Change person').waitFor();
  }, 300_000);

  afterAll(async () => {
    await watched.browser.close();
    await host.kill();
    await rm(folder, { recursive: true });
  });

  it('asks a rater to practise first, explains every answer, and tells at the end how many were right', async () => {
    await player.switchTo('Anna');
    await page.getByText('Change person').waitFor();
    await player.press('g', 'r');
    await heading('Practice comes first').waitFor();
    await look('practice-due');
    await page.getByRole('button', { name: 'To the practice' }).click();
    await heading('The criteria').waitFor();
    await lookAt(page, 'practice-guide');
    await page.getByRole('button', { name: 'Start a practice round' }).click();
    for (const [at, { verdict, brainCut }] of truths.entries()) {
      await page.locator('aside strong', { hasText: `Practice ${at + 1} of 10` }).waitFor();
      // The first is answered one step off, and the brain that was cut is overlooked.
      const given = at === 0 ? 2 : verdict;
      await player.press(String(given), ...(given === 3 ? ['n'] : []), 'Enter');
      const right = at !== 0 && !brainCut;
      await heading(right ? 'That is right' : 'Not quite').waitFor();
      if (at === 0) await lookAt(page, 'practice-explained');
      if (brainCut) {
        await page.getByText('3.4 ml of brain removed').waitFor();
        await look('practice-brain');
      }
      // What is explained can be looked at, and no longer answered.
      await player.press('1', 'Enter');
    }
    await heading('Practice done').waitFor();
    await page.getByText('9 of 10 verdicts; 9 under strict, 10 under lenient; brain 9 of 10').waitFor();
    await look('practice-done');
    await page.getByRole('button', { name: 'To the rating' }).click();
    await page.locator('aside strong', { hasText: 'Pair 1 of' }).waitFor();
  });

  it('takes in labels made elsewhere, after each column, word and tool was given its meaning', async () => {
    await player.switchTo('Olga');
    await page.getByText('Change person').waitFor();
    await player.press('g', 'l');
    await page.getByRole('gridcell', { name: 'Waits for raters' }).first().waitFor();
    await tab('Copies');
    await page.getByRole('button', { name: 'Make a copy now' }).click();
    await page.getByText(/^Copied and checked/).waitFor();
    await tab('Import');
    const table =
      'image;method;judged\n' +
      'sub-001_run-1_T1w;far;bad\nsub-002_run-1_T1w;far;fine\nsub-003_run-1_T1w;nobody knows;fine\nsub-099_T1w;far;bad\n';
    await page
      .getByLabel('Choose a table (CSV or TSV)')
      .setInputFiles({ name: 'older labels.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
    await page.getByText(/^4 rows/).waitFor();
    await look('import-unmapped');
    await choose('Means image', 'Scan');
    await choose('Means method', 'Tool');
    await choose('Means judged', 'Label under lenient');
    await choose('far', 'shear-far');
    await choose('bad', 'Insufficient');
    await choose('fine', 'Adequate');
    await look('import-mapped');
    await page.getByRole('button', { name: 'Import the labels' }).click();
    await page.getByText('2 labels were taken over, 2 rows left out.').waitFor();
    await look('import-done');
    await tab('Final labels');
    await page.getByRole('gridcell', { name: 'import' }).nth(1).waitFor();
    await expect.poll(() => page.getByRole('gridcell', { name: 'import' }).count()).toBe(2);
    await look('labels-imported');
  });

  it('saves verdicts and what their columns mean', async () => {
    await tab('Export');
    const saved: string[] = [];
    const both = new Promise<void>((done) => {
      page.on('download', (download) => {
        void download.path().then(async (path) => {
          saved.push(`${download.suggestedFilename()}: ${await readFile(path, 'utf8')}`);
          if (saved.length === 2) done();
        });
      });
    });
    await choose('Rows', 'One for each defacing');
    await page.getByRole('button', { name: 'Save the files' }).click();
    await both;
    await page.getByText(/^Saved: /).waitFor();
    const [dictionary, rows] = saved.toSorted(
      (a, b) => Number(a.includes('sub-')) - Number(b.includes('sub-')),
    );
    for (const column of rows.slice(rows.indexOf(': ') + 2, rows.indexOf('\n')).split(','))
      expect(dictionary).toContain(column.trim());
    await look('labels-export');
  });

  it('puts a copy back: what came after it is gone, and everybody signs in anew', async () => {
    await tab('Log');
    await page.getByRole('cell', { name: 'labels-imported' }).waitFor();
    // All screens stay in sight on a small laptop, with somebody signed in.
    const rail = page.locator('nav .list');
    expect(await rail.evaluate((list) => list.scrollHeight - list.clientHeight)).toBe(0);
    await look('labels-log');
    await tab('Copies');
    await page
      .getByRole('button', { name: /^Put back/ })
      .last()
      .click();
    await heading('Put this copy back?').waitFor();
    await look('copies-restore');
    await page.getByRole('dialog').getByRole('button', { name: 'Put back' }).click();
    await heading('Who is here?').waitFor();
    await player.switchTo('Olga');
    await page.getByText('Change person').waitFor();
    await player.press('g', 'l');
    await page.getByRole('gridcell', { name: 'Waits for raters' }).first().waitFor();
    await expect.poll(() => page.getByRole('gridcell', { name: 'import' }).count()).toBe(0);
    await tab('Copies');
    await look('copies');
  });

  it('complained of nothing and asked nobody outside', () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });
});
