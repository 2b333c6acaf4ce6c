import { mkdtempSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, systemClock } from '../../src-main/engine/engine.ts';
import { encodePng } from '../../src-main/files/png.ts';
import { openPool } from '../../src-main/workers/pool.ts';
import { createClient } from '../../src-shared/api/client.ts';
import { contract } from '../../src-shared/api/contract.ts';
import type { ScanChoice } from '../../src-shared/api/choiceCalls.ts';
import type { TriageRow, TriageRun } from '../../src-shared/api/triageCalls.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { renderViews } from '../../src-shared/views/renderViews.ts';
import { frameOf } from '../../src-shared/views/viewFrame.ts';
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
import { writeLearnableStudy } from '../fixtures/learnableStudy.ts';
import { describeIf } from '../fixtures/shared.ts';
import { writeTinyHeads } from '../fixtures/tinyHeads.ts';

/** Other tests may keep every core busy. */
const soon = { timeout: 30_000 };

/** A study with 110 persons, 40 defacings without a label, and a model that was kept. */
async function writeStudy(folder: string): Promise<void> {
  const { volume } = phantomHead({ seed: 4, spacingMm: 4 });
  const frame = frameOf(findHead(volume));
  const [nx, ny] = volume.shape;
  const faceless = volume.values.map((value, i) => (Math.floor(i / nx) % ny > 0.72 * ny ? 0 : value));
  const drawn = [volume, { ...volume, values: faceless }].map((each) =>
    encodePng(renderViews(each, frame).front),
  );
  const picture = (tool: string | null, insufficient: boolean): Uint8Array =>
    drawn[tool === null || insufficient ? 0 : 1];
  writeLearnableStudy(folder, { persons: 110, scansPerPerson: 1, unlabelled: 40, picture });
  const workers = openPool({ size: 1 });
  const options = { studyFolder: folder, tools: [], workers, clock: systemClock, software: 'test' };
  const engine = await createEngine(options);
  const api = createClient(contract, engine.dispatch);
  const { evaluationId, jobId } = await api['evaluations.start']({
    ...{ criteria: ['lenient'], features: ['ssim', 'head_loss_pct', 'rmse'], method: false },
    ...{ selection: false, models: ['logistic'], outerFolds: 3, innerFolds: 2, repeats: 1, seed: 5 },
    ...{ withoutMethod: false, leaveOneToolOut: false },
  });
  await api['jobs.wait']({ jobId });
  const kept = { evaluationId, criterion: 'lenient', model: 'logistic', variant: 'all' } as const;
  await api['models.keep']({ ...kept, name: 'First model' });
  await engine.close();
  await workers.close();
}

describeIf(hasChromium, noChromium, 'triage, patterns and choice in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triage-window-'));
  let host: BrowserHost;
  let watched: Watched;
  let page: Watched['page'];
  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const tab = (name: string | RegExp) => page.getByRole('tab', { name });
  const go = (route: string): Promise<unknown> => page.goto(`${host.origin}/#/${route}`);
  async function items(): Promise<readonly TriageRow[]> {
    const { value: runs } = await callFrom<readonly TriageRun[]>(page, 'triage.runs', {});
    return (await callFrom<readonly TriageRow[]>(page, 'triage.items', { runId: runs[0].id })).value;
  }
  const open = async (study: string): Promise<void> => {
    const opened = await callFrom(page, 'workspace.openStudy', { folder: join(folder, study) });
    expect(opened).toMatchObject({ ok: true });
  };

  beforeAll(async () => {
    await builtPages();
    await writeStudy(join(folder, 'study'));
    writeLearnableStudy(join(folder, 'empty'), { persons: 0, scansPerPerson: 0 });
    await writeTinyHeads(join(folder, 'originals'), ['sub-1', 'sub-2']);
    await writeTinyHeads(join(folder, 'defaced'), ['sub-1', 'sub-9']);
    for (const name of ['sub-1', 'sub-9'])
      await rename(
        join(folder, 'defaced', `${name}_T1w.nii.gz`),
        join(folder, 'defaced', `${name}_T1w_defaced.nii.gz`),
      );
    host = await startBrowserHost(folder);
    watched = await openWatchedPage();
    ({ page } = watched);
    await page.goto(host.url);
    await heading('Studies').waitFor();
  });
  afterAll(async () => {
    await watched.browser.close();
    await host.kill();
    await rm(folder, { recursive: true });
  });

  it('says what to do where there is nothing yet', async () => {
    await open('empty');
    await go('triage');
    await heading('No model to decide with').waitFor();
    await go('patterns');
    await heading('Nothing to map yet').waitFor();
    await go('choose');
    await heading('Nothing to choose from yet').waitFor();
    await lookAt(page, 'choose-empty', ['light']);
  });

  it('shows what each risk would bring, by slider and by dragging, and where there are not enough scans', async () => {
    await open('study');
    await go('triage');
    await heading('Risk and coverage').waitFor();
    const slider = page.getByLabel('Insufficient defacings that may be passed');
    await slider.fill('0.01');
    await page.getByText(/^Not enough rated scans: \d+ of 299 persons/).waitFor();
    await slider.fill('0.1');
    await heading('The guarantee').waitFor();
    await page.getByText(/at most 10 % are passed, with 95 % confidence/).waitFor();
    const chart = page.locator('.drag');
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart is not there');
    await page.mouse.move(box.x + 200, box.y + box.height * (2 / 3));
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => slider.inputValue(), soon).toBe('0.15');
    await slider.fill('0.1');
    await page.getByText(/at most 10 % are passed/).waitFor();
    await lookAt(page, 'triage-risk');
  });

  it('decides, and a verdict with brain cut is a label at once and can be undone', async () => {
    await button('Put to use').click();
    await page.getByText('In use').waitFor();
    await button('Decide').click();
    await heading('Your verdict').waitFor();
    await button(/^Held \d/).waitFor();
    const [first] = (await items()).filter(({ place }) => place === 1);
    await heading(first.scan).waitFor();
    expect(await button('Passes strict').isDisabled()).toBe(true);
    await lookAt(page, 'triage-queue');
    await page.getByLabel('Your name').fill('A. Berger');
    await page.getByText('Brain cut (B)').click();
    await button(/Passes lenient only/).click();
    const said = async () => (await items()).find(({ defacingId }) => defacingId === first.defacingId);
    await expect.poll(async () => (await said())?.said, soon).toMatchObject({ verdict: 2, brainCut: true });
    expect(await said()).toMatchObject({ label: 0, place: null });
    await button(/^Undo/).click();
    await expect.poll(async () => (await said())?.said, soon).toBeNull();
    expect(await said()).toMatchObject({ label: null, place: 1 });
    // By keys alone, from the table.
    await page.getByRole('rowgroup').last().focus();
    await page.keyboard.press('3');
    await expect.poll(async () => (await items()).filter(({ said: given }) => given?.verdict === 3).length, soon).toBe(1); // prettier-ignore
    await button('Region columns').click();
    await page.getByRole('columnheader', { name: 'Nose' }).getByRole('button').click();
    await page
      .getByRole('columnheader', { name: 'Nose' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
  });

  it('says whom to rate next, what the audit found, and whether the batch has drifted', async () => {
    await tab('Rate next').click();
    await expect.poll(() => page.locator('.row').count(), soon).toBeGreaterThan(8);
    await lookAt(page, 'triage-next', ['dark']);
    await tab('Audit').click();
    await page.getByText('0 of 5', { exact: true }).waitFor();
    await button(/^Draw \d+ more/).click();
    await page.getByText(/^0 of (1\d|[6-9])$/).waitFor();
    await button(/Passes strict/).click();
    await page.getByText(/^at most 95 %/).waitFor();
    await lookAt(page, 'triage-audit', ['light']);
    await tab('Drift').click();
    await page.getByText(/13 persons here, 97 tested/).waitFor();
    await lookAt(page, 'triage-drift', ['dark']);
  });

  it('shows which original each defaced file would be matched with before anything is taken', async () => {
    await button('Add defacings…').click();
    await page.getByRole('dialog').getByRole('combobox').selectOption('folder');
    for (const which of ['Originals', 'Defaced files']) {
      await button(`${which}: Choose a folder…`).click();
      const folderName = which === 'Originals' ? 'originals' : 'defaced';
      await page.getByRole('dialog').last().getByRole('button', { name: folderName, exact: true }).click();
      await page.getByText('4 images lie directly in this folder').waitFor();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Choose', exact: true }).click();
    }
    await button('Match').click();
    await page.getByText('2 matched, 0 without an original, 0 originals without a defaced file.').waitFor();
    await page.getByRole('gridcell', { name: 'name', exact: true }).waitFor();
    await page.getByRole('gridcell', { name: 'grid', exact: true }).waitFor();
    await page.getByLabel(/^sub-9_T1w_defaced/).uncheck();
    await button('Take 1').waitFor();
    await lookAt(page, 'triage-given', ['dark']);
    await button('Cancel').click();
  });

  it('draws the map of patterns with faces, what is odd, and the way to the scan', async () => {
    await go('patterns');
    await heading(/Odd ones/).waitFor();
    await expect.poll(() => page.locator('svg image').count(), soon).toBeGreaterThan(20);
    await page.locator('.card').first().click();
    await page
      .getByText(/oddness 0\.\d\d/)
      .first()
      .waitFor();
    const dots = await page.locator('svg circle').count();
    await button('Zoom in').click();
    await button('Zoom in').click();
    await expect.poll(() => page.locator('svg circle').count()).toBeLessThan(dots);
    await button('Whole map').click();
    await lookAt(page, 'patterns');
    await button('Scan').click();
    await expect.poll(() => page.url(), soon).toMatch(/#\/scans\/\w+/);
  });

  it('puts defacings side by side, takes another by hand and goes back to the rule', async () => {
    await go('choose');
    await button(/^Passes \d/).click();
    const { value } = await callFrom<readonly ScanChoice[]>(page, 'choices.list', {});
    const choice = value.find(({ candidates }) => candidates.filter(({ passes }) => passes).length > 1);
    if (choice === undefined) throw new Error('no scan has two that pass');
    await page.getByRole('gridcell', { name: choice.scan, exact: true }).click();
    await heading(choice.scan).waitFor();
    await lookAt(page, 'choose-scans');
    const stored = async () =>
      (await callFrom<readonly ScanChoice[]>(page, 'choices.list', {})).value.find(
        ({ scanId }) => scanId === choice.scanId,
      );
    await page.getByLabel('Your name').fill('A. Berger');
    await page.getByLabel('Reason').fill('less of the neck is gone');
    await button('Use this one').first().click();
    await expect.poll(async () => (await stored())?.byHand?.reason, soon).toBe('less of the neck is gone');
    expect((await stored())?.used).not.toBe(choice.used);
    await button('Back to the rule').click();
    await expect.poll(async () => (await stored())?.used, soon).toBe(choice.used);
    await tab('Fallback chain').click();
    await button(/^Run the chain on \d+ scans/).waitFor();
    await lookAt(page, 'choose-chain', ['light']);
    await tab('Success of tools').click();
    await page
      .getByText(/\d+ % \(\d+ % – \d+ %\)/)
      .first()
      .waitFor();
    await lookAt(page, 'choose-success', ['dark']);
  });

  it('complained of nothing and asked nobody outside', () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });
});
