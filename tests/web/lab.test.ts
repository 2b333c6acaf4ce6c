import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtPages } from '../fixtures/builtPages.ts';
import { encodePng } from '../../src-main/files/png.ts';
import { phantomHead } from '../../src-shared/phantom/phantomHead.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { renderViews } from '../../src-shared/views/renderViews.ts';
import { frameOf } from '../../src-shared/views/viewFrame.ts';
import { writeLearnableStudy } from '../fixtures/learnableStudy.ts';
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
import { describeIf } from '../fixtures/shared.ts';

describeIf(hasChromium, noChromium, 'the lab in a browser, from what goes in to a kept model', () => {
  let folder: string;
  let host: BrowserHost;
  let watched: Watched;
  let page: Page;
  const call = (name: string, input: object) => callFrom<never>(page, name, input);
  const look = (name: string): Promise<void> => lookAt(page, name, ['dark']);
  const lookLight = (name: string): Promise<void> => lookAt(page, name, ['light']);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const go = (route: string): Promise<unknown> => page.goto(`${host.origin}/#/${route}`);

  beforeAll(async () => {
    await builtPages();
    folder = await mkdtemp(join(tmpdir(), 'lab-window-'));
    const { volume } = phantomHead({ seed: 4, spacingMm: 4 });
    const frame = frameOf(findHead(volume));
    const [nx, ny] = volume.shape;
    const faceless = volume.values.map((value, i) => (Math.floor(i / nx) % ny > 0.72 * ny ? 0 : value));
    const drawn = [volume, { ...volume, values: faceless }].map((each) =>
      encodePng(renderViews(each, frame).front),
    );
    const picture = (tool: string | null, insufficient: boolean): Uint8Array =>
      drawn[tool === null || insufficient ? 0 : 1];
    writeLearnableStudy(join(folder, 'study'), {
      ...{ persons: 30, scansPerPerson: 2, unlabelled: 6, picture },
    });
    watched = await openWatchedPage();
    ({ page } = watched);
    host = await startBrowserHost(folder, { workers: 2 });
    await page.goto(host.url);
    await heading('Studies').waitFor();
    expect(await call('workspace.openStudy', { folder: join(folder, 'study') })).toMatchObject({
      ok: true,
    });
  });

  afterAll(async () => {
    await watched.browser.close();
    await host.kill();
    await rm(folder, { recursive: true });
  });

  it('says what goes in and what is left out, for every preset', async () => {
    await go('models');
    await heading('No model has been kept yet').waitFor();
    await look('models-empty');
    await go('lab');
    await page.locator('dd').getByText('174', { exact: true }).waitFor();
    await page.getByText(/No final label: not in a closed round/).waitFor();
    await page.getByText('Own choice').click();
    await page.getByLabel('Structural similarity of views').waitFor();
    await look('lab-own-choice');
    await page.getByText('Paper, 11 features, reduced').click();
    await page.getByText('Folds, repeats, seed').click();
    // Contrast is known of every scan; age, sex and scanner of none, and it says so.
    const aboutScan = page.getByText('Age, sex, scanner, sequence, contrast');
    await aboutScan.click();
    await page.getByText(/^It has no values: Age, Sex: female/).waitFor();
    await page.getByText('Compare with and without each group of features').click();
    await look('lab-new');
    await aboutScan.click();
    await page.getByText(/^It has no values: Age, Sex: female/).waitFor({ state: 'detached' });
  });

  it('runs with live folds, is stopped, and goes on', async () => {
    await page.getByLabel('Multilayer perceptron').uncheck();
    await page.getByLabel('Gradient boosting').uncheck();
    await page.getByLabel('Decision tree').check();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.getByRole('tab', { name: /Folds/ }).waitFor();
    await expect
      .poll(() => page.locator('.folds [role="row"]').count(), { timeout: 30_000 })
      .toBeGreaterThan(3);
    await look('lab-busy');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped before its end').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('tab', { name: 'Results' }).click();
    await page.locator('nav').getByText('Done').waitFor({ timeout: 110_000 });
    await heading(/layout of the paper’s Table 1/).waitFor();
  });

  it('shows tables beside the paper, curves, features and the defacings behind errors', async () => {
    await page.getByText('Random forest, paper').first().waitFor();
    await page.getByText(/printed “AUROC” equals/).waitFor();
    await expect.poll(() => page.locator('tr.paper').count()).toBe(4);
    await look('lab-results');
    await page.getByRole('tab', { name: 'Curves' }).click();
    await heading('Risk and coverage').waitFor();
    await expect.poll(() => page.locator('path.band').count()).toBe(9);
    await look('lab-curves');
    await page.getByRole('tab', { name: 'Features' }).click();
    await heading('Correlations and clusters').waitFor();
    await heading('Reduction').waitFor();
    await look('lab-features');
    await page.getByRole('tab', { name: 'Errors' }).click();
    const cell = page.getByRole('button', { name: /^False alarms/ });
    const count = Number(await cell.locator('strong').innerText());
    await cell.click();
    await heading(`False alarms: adequate, called insufficient (${count})`).waitFor();
    await expect.poll(() => page.locator('.errors li').count()).toBe(Math.min(24, count));
    await look('lab-errors');
  });

  it('shows what groups of features add', async () => {
    const recipe = {
      ...{ criteria: ['lenient'], features: ['ssim', 'head_loss_pct', 'contrast_FLAIR'], method: true },
      ...{
        selection: false,
        models: ['logistic', 'cart'],
        outerFolds: 3,
        innerFolds: 2,
        repeats: 1,
        seed: 2,
      },
      ...{ withoutMethod: true, leaveOneToolOut: false, ablation: true },
    };
    const started = await callFrom<{ evaluationId: string }>(page, 'evaluations.start', recipe);
    await go(`lab/${started.value.evaluationId}`);
    await heading('What groups of features add, lenient').waitFor({ timeout: 60_000 });
    await page.getByRole('rowheader', { name: /Measures of the paper/ }).waitFor();
    await page.getByRole('rowheader', { name: /Flags of tools/ }).waitFor();
    await heading('What groups of features add, lenient').scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 600);
    await look('lab-ablation');
    await page.goBack();
    await heading(/layout of the paper’s Table 1/).waitFor();
  });

  it('keeps models, shows their cards, explains a defacing and compares versions', async () => {
    await page.getByRole('tab', { name: 'Results' }).click();
    await page.getByRole('button', { name: 'Keep this model: Logistic regression, all' }).click();
    await page.getByRole('button', { name: 'Keep', exact: true }).last().click();
    await heading('What it is for, and its limits').waitFor();
    await page.getByRole('button', { name: 'Put to use' }).click();
    await page.getByRole('button', { name: 'Take out of use' }).waitFor();
    await look('models-card');
    await page.goBack();
    await page.getByRole('button', { name: 'Keep this model: Random forest, without-method' }).click();
    await page.getByRole('button', { name: 'Keep', exact: true }).last().click();
    await page.getByRole('gridcell', { name: 'Random forest, lenient' }).waitFor();
    await page.getByRole('tab', { name: 'Explain a defacing' }).click();
    await page.getByText(/under the lenient criterion/).waitFor();
    await heading('What spoke for and against').waitFor();
    await look('models-explain');
    await page.getByRole('tab', { name: 'Compare versions' }).click();
    await page.getByText(/were tested by both with the same label/).waitFor();
    await look('models-compare');
  });

  it('reads as well in the light theme, and complained of nothing', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('light');
    await page.keyboard.press('Enter');
    await lookLight('models-compare');
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('link', { name: /Paper, 11 features/ }).click();
    await page.getByRole('tab', { name: 'Curves' }).click();
    await heading('Risk and coverage').waitFor();
    await lookLight('lab-curves');
    await page.getByRole('tab', { name: 'Features' }).click();
    await heading('Correlations and clusters').waitFor();
    await lookLight('lab-features');
    expect(watched.complaints).toEqual([]);
  });
});
