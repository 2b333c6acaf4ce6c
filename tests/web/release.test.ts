import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
import { secretOf } from '../fixtures/ratedStudy.ts';
import { writeReleasedStudy } from '../fixtures/releasedStudy.ts';
import { describeIf } from '../fixtures/shared.ts';

describeIf(hasChromium, noChromium, 'what leaves the building, in a browser', () => {
  let folder: string;
  let host: BrowserHost;
  let watched: Watched;
  let page: Page;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const tab = (name: RegExp) => page.getByRole('tab', { name });
  const go = (route: string): Promise<unknown> => page.goto(`${host.origin}/#/${route}`);
  const cell = (name: string | RegExp) => page.getByRole('gridcell', { name });

  beforeAll(async () => {
    await builtPages();
    folder = await mkdtemp(join(tmpdir(), 'release-window-'));
    await writeReleasedStudy(join(folder, 'study'), 18);
    watched = await openWatchedPage();
    ({ page } = watched);
    page.setDefaultTimeout(12_000);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    host = await startBrowserHost(folder);
    await page.goto(host.url);
    await page.getByRole('heading', { level: 1, name: 'Studies' }).waitFor();
  });
  afterAll(async () => {
    await watched.browser.close();
    await host.kill();
    await rm(folder, { recursive: true });
  });

  it('says in an empty study that nothing may leave yet, and how something could', async () => {
    await callFrom(page, 'workspace.createStudy', { folder: join(folder, 'empty') });
    await page.reload();
    await go('export');
    await page.getByRole('heading', { name: 'Nothing may leave yet' }).waitFor();
    expect(await button('Write').isDisabled()).toBe(true);
    await lookAt(page, 'export-empty');
    await go('report');
    await page.frameLocator('iframe').getByText('No triage was run.').waitFor();
    await lookAt(page, 'report-empty');
  });

  it('previews an export: what leaves and why, what is held back and why', async () => {
    await callFrom(page, 'workspace.openStudy', { folder: join(folder, 'study') });
    await page.reload();
    await button(/^Olga/).click();
    await page.locator('input[type=password]').fill(secretOf('Olga'));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Export' }).click();
    await cell('its final label').first().waitFor();
    await lookAt(page, 'export');
    await tab(/^Held back/).click();
    await cell(/raters|disagree|label/i)
      .first()
      .click();
    await lookAt(page, 'export-held');
  });

  it('lets a held back image out under a name, with a reason, and counts it', async () => {
    const leaving = async (): Promise<number> =>
      Number((await tab(/^Leaves/).innerText()).replace(/\D/g, ''));
    const best = await leaving();
    await page.getByRole('combobox', { name: 'Defacings' }).selectOption('all');
    await expect.poll(leaving).toBeGreaterThan(best);
    const before = await leaving();
    const rows = page.getByRole('grid', { name: 'Held back' }).getByRole('row');
    for (let n = 1; (await page.getByLabel('Your name').count()) === 0; n++) await rows.nth(n).click();
    await page.getByLabel('Your name').fill('A. Berger');
    await page.getByLabel('Reason').fill('looked at by the head of the study');
    await lookAt(page, 'export-accept');
    await button('Accept with this reason').click();
    await expect.poll(leaving).toBe(before + 1);
    await tab(/^Leaves/).click();
    await cell('accepted by A. Berger').waitFor();
  });

  it('writes the folder, says what it wrote and where, and remembers it', async () => {
    const target = join(folder, 'shared');
    await page.getByLabel('Folder to write').fill(join(folder, '..', 'elsewhere'));
    await button('Write').click();
    await page.getByText('lies outside those the workstation may use').waitFor();
    await lookAt(page, 'export-refused');
    await page.getByLabel('Folder to write').fill(target);
    await button('Write').click();
    await page.getByText(/images in \d+ files are written/).waitFor();
    expect(existsSync(join(target, 'dataset_description.json'))).toBe(true);
    await page.getByRole('status').getByRole('button', { name: 'Copy path' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(target);
    await tab(/^Earlier exports/).click();
    await cell(target).waitFor();
    await lookAt(page, 'export-written');
  });

  it('reports agreement, triage, the acceptance and the export, as a page and as PDF', async () => {
    await page.getByRole('link', { name: 'Report' }).click();
    const report = page.frameLocator('iframe');
    await report.getByText('A. Berger').first().waitFor();
    const { value } = await callFrom<{ html: string }>(page, 'report.html', {});
    const text = value.html.replace(/<[^>]+>/g, ' ');
    expect(text).toMatch(/at most 20 % are passed, with 90 % confidence/);
    expect(text).toMatch(/First round|kappa/i);
    expect(text).not.toContain('No triage was run.');
    await lookAt(page, 'report');
    const out = join(folder, 'reports');
    await page.getByLabel('Folder to save in').fill(out);
    await button('Save').click();
    await page.getByText(/^Saved:/).waitFor();
    await lookAt(page, 'report-saved');
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toBe(value.html);
    expect(readFileSync(join(out, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('complained of nothing and asked nobody but this machine', () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });
});
