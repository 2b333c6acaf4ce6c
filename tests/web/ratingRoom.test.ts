import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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
import { writePicturedStudy } from '../fixtures/picturedStudy.ts';
import { peekInto, roomPlayer, secretOf, type PeekedStudy, type RoomPlayer } from '../fixtures/roomPlayer.ts';
import { describeIf } from '../fixtures/shared.ts';

/** What each rater says of scans 1 to 7 under each tool; scan 8 is excluded by both. */
const script: Record<'Anna' | 'Ben', Record<string, readonly (1 | 2 | 3)[]>> = {
  Anna: {
    'quickshear-builtin': [1, 1, 1, 1, 1, 2, 3],
    'shear-wide': [1, 1, 2, 2, 3, 3, 3],
    'shear-far': [3, 3, 3, 3, 3, 3, 3],
  },
  Ben: {
    'quickshear-builtin': [1, 1, 1, 1, 2, 2, 3],
    'shear-wide': [1, 2, 2, 3, 3, 3, 3],
    'shear-far': [3, 3, 3, 3, 3, 2, 1],
  },
};
/** What the third says of the five that are disputed; at the last one all three differ, so it is left to the session. */
const thirdSays: Record<string, readonly string[]> = {
  'quickshear-builtin 5': ['1'],
  'shear-wide 2': ['3', 'n'],
  'shear-wide 4': ['3', 'n'],
  'shear-far 6': ['2'],
  'shear-far 7': ['x', '2'],
};
/** By hand: a 1 is adequate under both criteria, a 2 insufficient under strict only. n, agreement %, Cohen's kappa. */
const table2: Record<string, { lenient: readonly string[]; strict: readonly string[] }> = {
  // lenient [[6, 0], [0, 1]]; strict [[4, 1], [0, 2]]: po 6/7, pe 26/49, kappa 16/23
  'Shearing plane': { lenient: ['7', '100.0', '1.00'], strict: ['7', '85.7', '0.70'] },
  // lenient [[3, 1], [0, 3]]: pe 24/49, kappa 18/25; strict [[1, 1], [0, 5]]: pe 32/49, kappa 10/17
  'shear-wide': { lenient: ['7', '85.7', '0.72'], strict: ['7', '85.7', '0.59'] },
  // Anna says insufficient of all: agreement by chance alone. lenient [[0, 0], [2, 5]], strict [[0, 0], [1, 6]]
  'shear-far': { lenient: ['7', '71.4', '0.00'], strict: ['7', '85.7', '0.00'] },
  // lenient [[9, 1], [2, 9]]: pe 220/441, kappa 158/221; strict [[5, 2], [1, 13]]: pe 252/441, kappa 126/189
  'All tools': { lenient: ['21', '85.7', '0.71'], strict: ['21', '85.7', '0.67'] },
};

describeIf(hasChromium, noChromium, 'the rating room, played by two raters and an adjudicator', () => {
  vi.setConfig({ testTimeout: 200_000 });
  const patience = { timeout: 60_000 };
  let folder: string;
  let study: string;
  let host: BrowserHost;
  let watched: Watched;
  let page: Page;
  let peek: PeekedStudy;
  let player: RoomPlayer;
  let roundId = '';
  const accounts: Record<string, string> = {};

  const call = <Value>(name: string, input: object) => callFrom<Value>(page, name, input);
  const look = (name: string): Promise<void> => lookAt(page, `room-${name}`, ['dark']);
  const lookBoth = (name: string): Promise<void> => lookAt(page, `room-${name}`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const pressed = () => page.locator('aside [aria-pressed="true"]');
  const press = (...keys: readonly string[]): Promise<void> => player.press(...keys);
  /** The scan whose original both exclude: one that neither meets first, since accounts and so their orders differ from run to run. */
  let excluded = 8;
  /** What stands behind a pair, the excluded scan as the eighth. */
  const behind = (itemId: string): { scan: number; tool: string } => {
    const { scan, tool } = peek.behind(itemId);
    return { scan: scan === excluded ? 8 : scan === 8 ? excluded : scan, tool };
  };
  const said = (itemId: string): string => {
    const { scan, tool } = behind(itemId);
    return `${tool} ${scan}`;
  };
  const keysOf = (name: 'Anna' | 'Ben', itemId: string): readonly string[] => {
    const { scan, tool } = behind(itemId);
    if (scan === 8) return ['x', '2'];
    const verdict = script[name][tool][scan - 1];
    return verdict === 3 ? ['3', 'n'] : [String(verdict)];
  };

  beforeAll(async () => {
    await builtPages();
    folder = await mkdtemp(join(tmpdir(), 'rating-room-'));
    study = join(folder, 'rated heads');
    await mkdir(study);
    await writePicturedStudy(study, 8);
    watched = await openWatchedPage();
    ({ page } = watched);
    peek = peekInto(study);
    player = roomPlayer(page);
    host = await startBrowserHost(folder);
    await page.goto(host.url);
    await heading('Studies').waitFor();
    await call('workspace.openStudy', { folder: study });
  }, 300_000);

  afterAll(async () => {
    await watched.browser.close();
    await host.kill();
    await rm(folder, { recursive: true });
  });

  it('makes the first account for an owner, who adds people and opens a round', async () => {
    await page.goto(`${host.origin}/#/people`);
    await page.getByRole('button', { name: 'Make the first account' }).click();
    await page.getByLabel('Name').fill('Olga');
    await page.getByLabel('Password or PIN').fill(secretOf('Olga'));
    await press('Enter');
    await page.getByRole('button', { name: 'Add a person' }).waitFor();
    for (const name of ['Anna', 'Ben', 'Cleo']) {
      const person = { name, role: 'rater', secret: secretOf(name) };
      accounts[name] = (await call<{ id: string }>('people.add', person)).value.id;
    }
    await page.reload();
    await page.getByRole('rowheader', { name: 'Cleo' }).waitFor();
    await look('people');
    await press('g', 'u');
    await page.getByRole('button', { name: 'Open a round' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('First round');
    await page.getByLabel('Least time for a pair').fill('0');
    await page.getByLabel('Seed of the order').fill('7');
    await look('round-form');
    await page.getByRole('button', { name: 'Open the round' }).click();
    await heading('First round').waitFor();
    await look('rounds');
    roundId = (await call<{ id: string }[]>('rounds.list', {})).value[0].id;
    const firsts = [peek.firstScan(accounts.Anna), peek.firstScan(accounts.Ben)];
    excluded = [8, 7, 6].find((scan) => !firsts.includes(scan)) ?? 8;
  });

  it('refuses a wrong password, and takes a rater to the first pair by keys alone', async () => {
    await press('F8');
    await heading('Who is here?').waitFor();
    await look('who');
    await press('Escape');
    await player.switchTo('Anna', 'not the secret');
    await page.getByText('This password or PIN is not right.').waitFor();
    await look('wrong-secret');
    await page.keyboard.type(secretOf('Anna'));
    await press('Enter');
    await page.getByText('Change person').waitFor();
    expect(await page.getByRole('link', { name: 'Compare' }).count()).toBe(0);
    await press('g', 'r');
    await page.getByText(/^Pair 1 of 26$/).waitFor();
    await page.locator('.views img').nth(14).waitFor({ state: 'attached' });
    await expect.poll(() => pressed().count(), patience).toBe(0);
    await lookBoth('rate');
  });

  it('shows one pair large, slices, surfaces, the keys and a break, and the original while a key is held', async () => {
    await press('ArrowRight');
    await page.getByRole('button', { name: 'Back to the five views' }).first().waitFor();
    await look('large');
    await page.keyboard.down('Space');
    await page.getByText('Original (held) · Front').waitFor();
    await page.keyboard.up('Space');
    await page.getByText('Defaced · Front').waitFor();
    await press('s');
    await page.getByLabel('defaced, sagittal slice').waitFor();
    await look('slices');
    await press('d');
    await page
      .getByText('drawing…')
      .first()
      .waitFor({ state: 'hidden', ...patience });
    await look('surfaces');
    await press('Escape', '?');
    await heading('Keys of the rating room').waitFor();
    await lookBoth('keys');
    await press('Escape');
    await heading('Keys of the rating room').waitFor({ state: 'hidden' });
    await press('z');
    await heading('Take your time').waitFor();
    await look('break');
    await press('a', 'x');
    await page.getByText('Why the original leaves the analysis').waitFor();
    await lookBoth('exclude');
    await press('Escape');
  });

  it('keeps keys out of the way while a note is written, and takes nothing incomplete', async () => {
    await press('Enter');
    await page.locator('aside').getByText('Choose 1, 2 or 3.').waitFor();
    await press('3', 'Enter');
    await page.locator('aside').getByText('Say what remains of the face.').waitFor();
    await press('t');
    await page.keyboard.type('1 nose');
    expect(await page.getByRole('textbox').inputValue()).toBe('1 nose');
    const strict = page.getByRole('button', { name: /Passes strict/ });
    expect(await strict.getAttribute('aria-pressed')).toBe('false');
    // A pass clears what remained, and its digit a second time leaves it chosen.
    await press('Escape', 'e', '1', '1');
    expect(await strict.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => pressed().count(), patience).toBe(1);
  });

  it('takes a verdict back, keeps a half-made look over a reload and a lock, and comes again to what was put off', async () => {
    const first = await player.nextId(roundId);
    await player.commit();
    expect(peek.standing()).toBe(1);
    await press('Control+z');
    await page.getByText(/^Pair 1 of 26$/).waitFor();
    expect(await player.nextId(roundId)).toBe(first);
    expect(peek.standing()).toBe(0);

    await press('3', 'e', 'm');
    await expect
      .poll(async () => {
        const { value } = await call<{ item: { draft: { remains: string[] } | null } }>('ratings.next', {
          roundId,
        });
        return value.item.draft?.remains.length;
      }, patience)
      .toBe(2);
    await page.reload();
    await page.getByText(/^Pair 1 of 26$/).waitFor();
    await expect.poll(() => pressed().count(), patience).toBe(3);

    await press('F9');
    await heading('Locked for Anna').waitFor();
    expect((await call('ratings.next', { roundId })).error?.code).toBe('session-locked');
    await look('locked');
    await page.keyboard.type('wrong');
    await press('Enter');
    await page.getByText('This password or PIN is not right.').waitFor();
    await page.keyboard.type(secretOf('Anna'));
    await press('Enter');
    await page.getByText(/^Pair 1 of 26$/).waitFor();
    await expect.poll(() => pressed().count(), patience).toBe(3);

    await press('l');
    await page.getByText(/^Pair 2 of 26$/).waitFor();
    await page.getByText('1 put off').first().waitFor();
    const seen = await player.playOn(roundId, (itemId) => keysOf('Anna', itemId));
    expect(seen.at(-1), 'what was put off comes last').toBe(first);
    await heading('All pairs are rated').waitFor();
    await look('done');
  });

  it('goes back over what was rated, and an unchanged look makes no second verdict', async () => {
    const before = peek.standing();
    await press('Backspace');
    await page.getByText('Rated before', { exact: true }).waitFor();
    await look('rated-before');
    await press('Enter');
    await heading('All pairs are rated').waitFor();
    expect(peek.standing()).toBe(before);
  });

  it('has a verdict on disk when it is answered: a host killed then loses nothing', async () => {
    await player.switchTo('Ben');
    await page.getByText(/^Pair 1 of 26$/).waitFor();
    const answered = page.waitForResponse(/ratings\.commit/);
    await press(...keysOf('Ben', await player.nextId(roundId)), 'Enter');
    await answered;
    await host.kill();
    expect(peek.standing(accounts.Ben)).toBe(1);
    host = await startBrowserHost(folder);
    await page.goto(host.url);
    const recent = page.getByRole('button', { name: /rated heads/ });
    await recent.first().click();
    await heading('Who is here?').waitFor();
    await player.switchTo('Ben');
    await page.getByText('Change person').waitFor();
    await press('g', 'r');
    await page.getByText('1 rated', { exact: true }).waitFor();
    await player.playOn(roundId, (itemId) => keysOf('Ben', itemId));
    await heading('All pairs are rated').waitFor();
  });

  it('gives the third rater only what is disputed, as blind as the others', async () => {
    await player.switchTo('Cleo');
    await page.locator('[data-pair]').waitFor();
    await look('third');
    const seen = await player.playOn(roundId, (itemId) => thirdSays[said(itemId)]);
    expect(seen.map(said).sort()).toEqual(Object.keys(thirdSays).sort());
    await heading('No disagreement waits for you').waitFor();
    await look('third-done');
  });

  it('shows the owner the agreement that a hand computes', async () => {
    await player.switchTo('Olga');
    await page.getByText('Change person').waitFor();
    await press('g', 'a');
    await heading('Agreement of the two primary raters').waitFor();
    for (const [tool, { lenient, strict }] of Object.entries(table2)) {
      const row = page.getByRole('row', { name: new RegExp(`^${tool} `) });
      const cells = await row.getByRole('cell').allInnerTexts();
      expect([cells.slice(0, 3), cells.slice(4, 7)], tool).toEqual([lenient, strict]);
    }
    await look('agreement-table');
    await page.getByRole('tab', { name: 'All measures' }).click();
    const cell = (name: RegExp) => page.getByRole('button', { name });
    await cell(/^9 pairs: Anna said Adequate, Ben said Adequate/).waitFor();
    await cell(/^9 pairs: Anna said Insufficient, Ben said Insufficient/).waitFor();
    await cell(/^1 pairs: Anna said Adequate, Ben said Insufficient/).waitFor();
    await look('agreement-measures');
    await cell(/^2 pairs: Anna said Insufficient, Ben said Adequate/).click();
    await page.getByRole('dialog').getByRole('rowheader').nth(1).waitFor();
    await expect.poll(() => page.getByRole('dialog').getByRole('rowheader').count(), patience).toBe(2);
    await look('agreement-pairs');
    await press('Escape');
    await page.getByRole('tab', { name: 'What was seen' }).click();
    await page.getByRole('rowheader', { name: 'Nose' }).waitFor();
    await look('agreement-features');
    await page.getByRole('tab', { name: 'Raters' }).click();
    await page.getByRole('rowheader', { name: 'Anna' }).first().waitFor();
    await look('agreement-raters');
    await page.getByRole('tab', { name: 'Figures' }).click();
    await page.locator('svg text').first().waitFor();
    await lookBoth('agreement-figures');
  });

  it('settles what is left in the consensus session, and freezes the labels', async () => {
    await press('g', 'n');
    await page.getByText('1 to decide').waitFor();
    // Anna, Ben and Cleo, but nobody learns who is who.
    expect(await page.locator('aside').innerText()).not.toMatch(/Anna|Ben|Cleo/);
    await lookBoth('consensus');
    await press('2', 'Enter');
    await page.getByText('Say in a sentence why.').waitFor();
    await press('t');
    await page.keyboard.type('Only the tip of the nose is left.');
    await press('Enter');
    await page.getByText('0 to decide').waitFor();
    await page.getByRole('button', { name: 'Leave' }).click();
    await press('g', 'u');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByRole('button', { name: 'Freeze the labels…' }).click();
    await page.getByLabel('Name of these labels').fill('labels of the first round');
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByText(/Labels frozen as “labels of the first round” by Olga/).waitFor();
    await look('rounds-frozen');
    await press('g', 'l');
    await page.getByRole('gridcell', { name: 'consensus' }).first().waitFor();
    await look('labels');
  });

  it('complained of nothing and asked nobody outside', () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });
});
