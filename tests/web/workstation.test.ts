import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { builtPages } from '../fixtures/builtPages.ts';
import { encodeNifti } from '../../src-shared/volume/writeNifti.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { writeNiftiBytes } from '../../src-main/files/writeNiftiFile.ts';
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
import { describeIf, hasShared, sharedPath } from '../fixtures/shared.ts';
import { startXnatStandIn, type XnatStandIn } from '../fixtures/stand-ins/xnatServer.ts';

// A whole walk through the product; machines that do much else take their time.
vi.setConfig({ testTimeout: 480_000, hookTimeout: 120_000 });

describeIf(hasChromium, noChromium, 'the workstation in a browser, from import to looking at faces', () => {
  let folder: string;
  let host: BrowserHost;
  let watched: Watched;
  let page: Page;
  let xnat: XnatStandIn;
  const call = (name: string, input: object) => callFrom<never>(page, name, input);
  const look = (name: string): Promise<void> => lookAt(page, name);
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });

  async function go(route: string): Promise<void> {
    await page.goto(`${host.origin}/#/${route}`);
  }

  async function jobsEnd(): Promise<string> {
    for (;;) {
      const jobs: { state: string }[] = (await call('jobs.list', {})).value;
      const last = jobs.at(-1)?.state ?? 'none';
      if (last !== 'running') return last;
      await page.waitForTimeout(300);
    }
  }

  beforeAll(async () => {
    await builtPages();
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
      for (const name of ['t1_fullhead_1p6mm', 't2_oblique_cutfov']) {
        await symlink(sharedPath('data', 'heads', `${name}.nii.gz`), join(heads, `${name}.nii.gz`));
      }
    }
    await writeFile(join(heads, 'broken.nii.gz'), 'not an image');
    if (hasShared) {
      await mkdir(join(folder, 'scanner'));
      await symlink(
        sharedPath('data', 'heads', 'dicom_t1_2dsag_hfs.zip'),
        join(folder, 'scanner', 'series.zip'),
      );
    }
    const { volume } = phantomHead({ seed: 12, spacingMm: 3 });
    const scan = { type: 't1_mprage', description: 't1 mprage', tr: '2300.0', te: '2.9' };
    const resources = { NIFTI: { 'head.nii': encodeNifti(volume) } };
    const sessions = [{ id: 'E1', scans: [{ ...scan, id: '3', resources }] }];
    xnat = await startXnatStandIn({
      user: 'reader',
      password: 'pass:word',
      subjects: [{ id: 'S1', gender: 'female', age: '31', sessions }],
    });
    watched = await openWatchedPage();
    ({ page } = watched);
    host = await startBrowserHost(folder);
    await page.goto(host.url);
  });

  afterAll(async () => {
    await watched.browser.close();
    await host.kill();
    await xnat.close();
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

  it('shows what is in a folder before anything is taken, and takes it as the person says', async () => {
    await go('import');
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await page.getByRole('button', { name: 'heads', exact: true }).click();
    await page.getByRole('button', { name: 'Look through this folder' }).click();
    await page.getByRole('gridcell', { name: 'sub-02_FLAIR.nii.gz', exact: true }).click();
    await page.getByLabel('Person', { exact: true }).fill('second');
    await page.getByLabel('Person', { exact: true }).press('Enter');
    await page.getByText('Changed sub-02_FLAIR.nii.gz').waitFor();
    await page.getByRole('button', { name: /^Undo/ }).click();
    expect(await page.getByLabel('Person', { exact: true }).inputValue()).toBe('02');
    await page.getByLabel('Person', { exact: true }).fill('second');
    await page.getByLabel('Person', { exact: true }).press('Enter');
    expect((await call('scans.list', {})).value).toEqual([]);
    await page.getByText(/^Looking closer at/).waitFor({ state: 'hidden', timeout: 90_000 });
    await page.getByRole('gridcell', { name: 'broken.nii.gz', exact: true }).click();
    await page.getByRole('link', { name: 'What to do' }).waitFor();
    await look('import-found');
    await page.getByRole('button', { name: /^Take up/ }).click();
    await page.getByRole('heading', { name: 'In this study' }).waitFor();
    expect(await jobsEnd()).toBe('done');
    await page.getByRole('gridcell', { name: 'second', exact: true }).waitFor();
    await look('import-taken');
  });

  it('takes scans from an XNAT server, once that is allowed, and series of DICOM', async () => {
    await go('import/xnat');
    await page.getByRole('switch').waitFor();
    await look('import-xnat-off');
    expect(xnat.asked).toEqual([]);
    await page.getByText('Allow this study to fetch from XNAT').click();
    await page.getByLabel('Address').fill(xnat.url);
    await page.getByLabel('User name').fill('reader');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('does not accept this name and password').waitFor();
    await look('import-xnat-refused');
    await page.getByLabel('Password').fill('pass:word');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('gridcell', { name: 'STUDY', exact: true }).first().click();
    await page.getByRole('button', { name: 'Download 1 scans' }).click();
    await page.getByText('1 of 1 came in').waitFor({ timeout: 60_000 });
    await look('import-xnat');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    await expect.poll(() => xnat.openSessions()).toBe(0);
    if (!hasShared) return;
    await go('import/dicom');
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await page.getByRole('button', { name: 'scanner', exact: true }).click();
    await page.getByRole('button', { name: 'Look through this folder' }).click();
    await page.getByRole('button', { name: 'Convert 1 series' }).click();
    await page.getByText('1 of 1 came in').waitFor({ timeout: 60_000 });
    await look('import-dicom');
  });

  it('pauses, stops and retries a batch, survives a killed host, and goes on where it was', async () => {
    await go('batch');
    await page.getByRole('button', { name: 'Settings of Shearing plane' }).click();
    await look('batch-settings');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/^Paused/).waitFor();
    await look('batch-paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Stop all' }).click();
    expect(await jobsEnd()).toBe('cancelled');
    await page.getByText(/was stopped before its end/).waitFor();
    await page.getByRole('button', { name: /^(Start|Go on)$/ }).click();
    // In the middle: something is finished, and what is paused can not end before the kill.
    await page.getByRole('gridcell', { name: 'Done' }).first().waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await look('batch-busy');
    await host.kill();
    await page.getByText('does not answer').waitFor();
    await look('host-gone');

    host = await startBrowserHost(folder);
    await page.goto(host.url);
    await page.getByRole('button', { name: /my study/ }).click();
    await heading('Overview').waitFor();
    await go('batch');
    await page.getByText(/was stopped before its end/).waitFor();
    await page.getByRole('button', { name: /^(Start|Go on)$/ }).click();
    expect(await jobsEnd()).toBe('done');
    await page.getByRole('gridcell', { name: 'Done' }).first().click();
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.getByText('There is no log of this step').waitFor();
    await look('batch');
    await page.getByRole('tab', { name: 'Earlier runs' }).click();
    await page.getByRole('gridcell', { name: 'Interrupted' }).click();
    await page.getByRole('button', { name: 'Log of the study' }).click();
    await page.getByText('logs/').first().waitFor();
    await look('batch-archive');
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
    await page.getByText('Where it comes from').first().waitFor({ state: 'attached' });
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
    await page.keyboard.press('4');
    await page.getByRole('img', { name: 'Original, Left 45°' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Slices' }).click();
    await page.getByLabel('Original, sagittal slice').focus();
    const before = await page.locator('output').innerText();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('output').innerText()).not.toBe(before);
    await page.keyboard.down('Space');
    await page.getByText('Original (held)').first().waitFor();
    await page.keyboard.up('Space');
    await page.getByLabel('Original, axial slice').hover();
    await page.getByText('Under the cursor').waitFor();
    await look('compare-slices');
    await page.getByRole('tab', { name: '3D' }).click();
    // Said once every head was drawn, in software as here.
    await page.locator('[data-still-ms]').waitFor({ timeout: 90_000 });
    await page.keyboard.press('4');
    await look('compare-surfaces');
  });

  it('lists what each defacing left of the face, sorts it, and turns the heads to a part by one click', async () => {
    await go('scans');
    await page.getByRole('tab', { name: 'What is left of the face' }).click();
    const header = (name: string) => page.getByRole('columnheader', { name, exact: true });
    await page.locator('summary', { hasText: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Forehead' }).check();
    await page.keyboard.press('Escape');
    await header('Forehead').getByRole('button').click();
    await header('Forehead').getByRole('button').click();
    await page.locator('[role=columnheader][aria-sort=descending]').waitFor();
    await look('scans-faces');
    const shares = await page.locator('.row a[href$="/forehead"]').allInnerTexts();
    const numbers = shares.map((share) => parseInt(share, 10));
    expect(numbers.length).toBeGreaterThan(1);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    await page.locator('.row a[href$="/nose"]').first().click();
    await page.getByRole('tab', { name: '3D', selected: true }).waitFor();
    await page.getByRole('button', { name: /^Nose/, pressed: true }).waitFor({ timeout: 90_000 });
    await look('compare-region');
  });

  it('is at hand by keyboard: palette, jumps, keys of one’s own, help', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Type a command' }).waitFor();
    await look('palette');
    await page.keyboard.type('light');
    await page.keyboard.press('Enter');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await heading('Overview').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press(',');
    await heading('Settings').waitFor();
    await look('settings-tools');
    await go('settings/keys');
    await page.getByRole('button', { name: /^Compare: next scan:/ }).click();
    await page.keyboard.press('p');
    await page.getByText('p is in use for: Compare: previous scan').waitFor();
    await page.getByRole('button', { name: /^Compare: next scan:/ }).click();
    await page.keyboard.press('m');
    await look('settings-keys');
    await go('compare');
    const first = await page.getByRole('heading', { level: 1 }).innerText();
    await page.keyboard.press('m');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).not.toBe(first);
    await go('help/outcomes/brain-cut');
    await page.getByRole('article').getByRole('heading').first().waitFor();
    await page.getByLabel('Search help').fill('shearing');
    await page.getByRole('link', { name: /shear/i }).first().waitFor();
    await look('help');
  });

  it('speaks another language from a file, and says what does not fit in it', async () => {
    await go('settings/appearance');
    const texts = {
      shell: { overview: 'Übersicht', settings: 'Einstellungen', nothing: 'x' },
      batch: { scansDone: 'ohne Zahlen' },
    };
    await page.getByLabel('Choose a language file…').setInputFiles({
      name: 'de.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify({ name: 'Deutsch', code: 'de', texts })),
    });
    await page.getByText('In use: Deutsch').waitFor();
    await page.getByText(/shell\.nothing: no such text; batch\.scansDone: needs {done}, {total}/).waitFor();
    await page.getByRole('link', { name: 'Übersicht' }).waitFor();
    await look('settings-language');
    await page.reload();
    await page.getByRole('link', { name: 'Übersicht' }).waitFor();
    await page.getByRole('button', { name: 'Back to English' }).click();
    await page.getByRole('link', { name: 'Overview' }).waitFor();
  });

  it('complained of nothing and asked nobody but this machine', () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });
});
