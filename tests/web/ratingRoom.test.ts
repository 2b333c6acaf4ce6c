import Database from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writePicturedStudy } from '../fixtures/picturedStudy.ts';
import { describeIf } from '../fixtures/shared.ts';

const root = resolve(import.meta.dirname, '..', '..');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Pictures of every state, to be looked at; never part of the project. */
const shots = join(root, '.cache', 'screenshots', 'rating');

type Verdict = 1 | 2 | 3;
type Tool = 'quickshear-builtin' | 'shear-wide' | 'shear-far';
/** What each rater says of scans 1 to 7 under each tool; scan 8 is excluded by both. */
const script: Record<'Anna' | 'Ben', Record<Tool, readonly Verdict[]>> = {
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
const secretOf = (name: string): string => `secret of ${name}`;

describeIf(
  existsSync(executablePath),
  'no Chromium here (CHROMIUM names another place)',
  'the rating room, played by keys',
  () => {
    vi.setConfig({ testTimeout: 400_000 });
    const patience = { timeout: 60_000 };
    let folder: string;
    let study: string;
    let host: ChildProcess;
    let browser: Browser;
    let page: Page;
    let roundId = '';
    const accounts: Record<string, string> = {};
    const complaints: string[] = [];

    async function startHost(): Promise<string> {
      host = spawn(
        process.execPath,
        [
          join(root, 'src-main/hosts/cli/cli.ts'),
          ...['serve', '--no-open', '--json', '--root', folder, '--workers', '1'],
          ...['--state-folder', join(folder, 'state'), '--sample-folder', join(folder, 'sample')],
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let text = '';
      for await (const part of host.stdout ?? []) {
        text += String(part);
        const url = /"url": "([^"]+)"/.exec(text)?.[1];
        if (url !== undefined) return url;
      }
      throw new Error('the host ended before it gave its address');
    }

    async function killHost(): Promise<void> {
      if (host.exitCode !== null || host.signalCode !== null) return;
      host.kill('SIGKILL');
      await once(host, 'exit');
    }

    interface Answer<Value> {
      readonly ok: boolean;
      readonly value: Value;
      readonly error?: { readonly code: string };
    }
    const call = <Value>(name: string, input: object): Promise<Answer<Value>> =>
      page.evaluate(
        async ([path, body]) => {
          const session = sessionStorage.getItem('defaceqa-session');
          const answer = await fetch(`/api/${path}`, {
            method: 'POST',
            headers: {
              'Content-Type': 'application/json',
              ...(session === null ? {} : { 'X-Session': session }),
            },
            body,
          });
          return (await answer.json()) as Answer<Value>;
        },
        [name, JSON.stringify(input)] as const,
      );

    /** What the study says, past the engine: which scan (from 1) and tool stand behind a pair. */
    function behind(itemId: string): { scan: number; tool: Tool } {
      const db = new Database(join(study, 'study.sqlite'), { readonly: true });
      const row = db
        .prepare<[string], { name: string; tool: Tool }>(
          `SELECT scan.name AS name, defacing.tool AS tool FROM round_item
           JOIN defacing ON defacing.id = round_item.defacing_id JOIN scan ON scan.id = defacing.scan_id
           WHERE round_item.id = ?`,
        )
        .get(itemId);
      db.close();
      if (row === undefined) throw new Error('no such pair');
      return { scan: Number(/sub-(\d+)/.exec(row.name)?.[1]), tool: row.tool };
    }

    const standing = (): { readonly verdict: number | null; readonly account_id: string }[] => {
      const db = new Database(join(study, 'study.sqlite'), { readonly: true });
      const rows = db
        .prepare<[], { verdict: number | null; account_id: string }>(
          'SELECT verdict, account_id FROM verdict WHERE withdrawal = 0 AND id NOT IN (SELECT supersedes FROM verdict WHERE supersedes IS NOT NULL)',
        )
        .all();
      db.close();
      return rows;
    };

    const heading = (name: string | RegExp) => page.getByRole('heading', { name });
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const pairText = (): Promise<string> => page.locator('aside header strong').innerText();
    const current = async (): Promise<string> => {
      const { value } = await call<{ item: { id: string } | null }>('ratings.next', { roundId });
      return value.item?.id ?? '';
    };

    /** Two keystrokes to the field for the secret of somebody else. */
    async function switchTo(name: string, secret = secretOf(name)): Promise<void> {
      if ((await page.getByRole('heading', { name: 'Who is here?' }).count()) === 0) await press('F8');
      const button = page.getByRole('button', { name: new RegExp(`^${name}`) });
      await button.waitFor();
      await press((await button.locator('kbd').innerText()).trim());
      await page.getByLabel('Password or PIN').waitFor();
      await page.keyboard.type(secret);
      await press('Enter');
    }

    async function axe(name: string): Promise<void> {
      await page.evaluate(
        await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
      );
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
      });
      expect(found, `${name}: what axe finds serious`).toEqual([]);
    }

    /** No serious finding of axe, and pictures at both sizes; dark, and where colours are many light as well. */
    async function look(name: string, themes: readonly string[] = ['dark']): Promise<void> {
      for (const theme of themes) {
        await page.evaluate((value) => (document.documentElement.dataset.theme = value), theme);
        await page.waitForTimeout(300); // colours fade
        await axe(`${name}, ${theme}`);
        for (const [width, height] of [
          [1920, 1080],
          [1280, 800],
        ] as const) {
          await page.setViewportSize({ width, height });
          await page.screenshot({ path: join(shots, `${name}-${theme}-${width}.png`) });
        }
      }
    }

    /** A picture of a state, to be looked at. */
    const picture = (name: string): Promise<Buffer> => page.screenshot({ path: join(shots, `${name}.png`) });

    /** Gives a verdict by keys; a 3 with what remains. */
    async function judge(verdict: Verdict): Promise<void> {
      await press(String(verdict), ...(verdict === 3 ? ['n'] : []));
    }

    async function commit(): Promise<void> {
      const before = await pairText();
      await press('Enter');
      await page.waitForFunction(
        (text) => document.querySelector('aside header strong')?.textContent !== text,
        before,
      );
    }

    /** Plays the pairs that are left, each as the script says. */
    async function playOn(name: 'Anna' | 'Ben'): Promise<void> {
      for (;;) {
        const itemId = await current();
        if (itemId === '') break;
        const { scan, tool } = behind(itemId);
        if (scan === 8) await press('x', '2');
        else await judge(script[name][tool][scan - 1]);
        await commit();
      }
      await heading('All pairs are rated').waitFor();
    }

    beforeAll(async () => {
      await mkdir(shots, { recursive: true });
      await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
      folder = await mkdtemp(join(tmpdir(), 'rating-room-'));
      study = join(folder, 'study');
      await mkdir(study);
      await writePicturedStudy(study, 8);
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-quic', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
      });
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.setDefaultTimeout(60_000);
      page.on('console', (message) => {
        if (message.type() === 'error' && !/Failed to load resource|ERR_CONNECTION/.test(message.text()))
          complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(await startHost());
      await heading('Studies').waitFor();
      await call('workspace.openStudy', { folder: study });
    }, 600_000);

    afterAll(async () => {
      await browser.close();
      await killHost();
      await rm(folder, { recursive: true });
    });

    it('makes the first account for an owner, who adds people and opens a round', async () => {
      await page.evaluate(() => (location.hash = '#/people'));
      await page.reload();
      await page.getByRole('button', { name: 'Make the first account' }).click();
      await page.getByLabel('Name').fill('Olga');
      await page.getByLabel('Password or PIN').fill(secretOf('Olga'));
      await press('Enter');
      await page.getByRole('button', { name: 'Add a person' }).waitFor();
      for (const name of ['Anna', 'Ben', 'Cleo']) {
        const { value } = await call<{ id: string }>('people.add', {
          name,
          role: 'rater',
          secret: secretOf(name),
        });
        accounts[name] = value.id;
      }
      await page.reload();
      await page.getByRole('rowheader', { name: 'Cleo' }).waitFor();
      await look('people', ['light', 'dark']);
      await press('g', 'u');
      await page.getByRole('button', { name: 'Open a round' }).first().click();
      await page.getByLabel('Name', { exact: true }).fill('First round');
      await page.getByLabel('Least time for a pair').fill('0');
      await page.getByLabel('Seed of the order').fill('7');
      await look('round-form');
      await page.getByRole('button', { name: 'Open the round' }).click();
      await heading('First round').waitFor();
      await look('rounds');
      const rounds = await call<{ id: string }[]>('rounds.list', {});
      roundId = rounds.value[0].id;
    });

    it('refuses a wrong password, and takes a rater to the first pair by keys alone', async () => {
      await press('F8');
      await heading('Who is here?').waitFor();
      await look('who');
      await press('Escape');
      await switchTo('Anna', 'not the secret');
      await page.getByText('This password or PIN is not right.').waitFor();
      await look('wrong-secret');
      await page.keyboard.type(secretOf('Anna'));
      await press('Enter');
      await page.getByText('Change person').waitFor();
      expect(await page.getByRole('link', { name: 'Compare' }).count()).toBe(0);
      await press('g', 'r');
      await page.getByText(/^Pair 1 of 26$/).waitFor();
      await page.locator('.views img').nth(9).waitFor();
      expect(await page.locator('aside [aria-pressed="true"]').count()).toBe(0);
      await look('rate', ['light', 'dark']);
    });

    it('shows one pair large, slices, surfaces, the keys and a break, and the original while a key is held', async () => {
      await press('ArrowRight');
      await page.getByRole('button', { name: 'Back to the five views' }).first().waitFor();
      await look('rate-large');
      await page.keyboard.down('Space');
      await page.getByText('Original (held) · Front').waitFor();
      await page.keyboard.up('Space');
      await press('s');
      await page.getByLabel('defaced, sagittal slice').waitFor();
      await look('rate-slices');
      await press('d');
      await page.getByText('drawing…').first().waitFor({ state: 'hidden', timeout: 200_000 });
      await picture('rate-surfaces');
      await press('Escape', '?');
      await heading('Keys of the rating room').waitFor();
      await picture('rate-keys');
      await press('Escape');
      await heading('Keys of the rating room').waitFor({ state: 'hidden' });
      await press('z');
      await heading('Take your time').waitFor();
      await picture('rate-break');
      await press('a', 'x');
      await page.getByText('Why the original leaves the analysis').waitFor();
      await picture('rate-exclude');
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
      expect(await page.getByRole('button', { name: /Passes strict/ }).getAttribute('aria-pressed')).toBe(
        'false',
      );
      await press('Escape', 'e', '1');
      expect(await page.locator('aside [aria-pressed="true"]').count()).toBe(1);
    });

    it('takes a verdict back, keeps a half-made look over a reload and a lock, and comes again to what was put off', async () => {
      const first = await current();
      await commit();
      expect(standing()).toHaveLength(1);
      await press('Control+z');
      await page.getByText(/^Pair 1 of 26$/).waitFor();
      expect(await current()).toBe(first);
      expect(standing()).toHaveLength(0);

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
      expect(await page.locator('aside [aria-pressed="true"]').count()).toBe(3);

      await press('F9');
      await heading('Locked for Anna').waitFor();
      expect((await call('ratings.next', { roundId })).error?.code).toBe('session-locked');
      await picture('locked');
      await page.keyboard.type('wrong');
      await press('Enter');
      await page.getByText('This password or PIN is not right.').waitFor();
      await page.keyboard.type(secretOf('Anna'));
      await press('Enter');
      await page.getByText(/^Pair 1 of 26$/).waitFor();
      expect(await page.locator('aside [aria-pressed="true"]').count()).toBe(3);

      await press('l');
      await page.getByText(/^Pair 2 of 26$/).waitFor();
      await page.getByText('1 put off').first().waitFor();
      await playOn('Anna');
      await picture('rate-done');
    });

    it('goes back over what was rated and corrects it', async () => {
      await press('Backspace');
      await page.getByText('Rated before', { exact: true }).waitFor();
      const shown = await page.locator('.verdict[aria-pressed="true"]').count();
      const before = standing().length;
      await press('Enter');
      await heading('All pairs are rated').waitFor();
      expect(standing()).toHaveLength(before);
      expect(shown).toBeLessThanOrEqual(1);
    });

    it('has a verdict on disk before the next pair shows: a host killed then loses nothing', async () => {
      await switchTo('Ben');
      await page.getByText(/^Pair 1 of 26$/).waitFor();
      const { scan, tool } = behind(await current());
      if (scan === 8) await press('x', '2');
      else await judge(script.Ben[tool][scan - 1]);
      await commit();
      await killHost();
      expect(standing().filter(({ account_id: id }) => id === accounts.Ben)).toHaveLength(1);
    });

    it('complained of nothing', () => {
      expect(complaints).toEqual([]);
    });
  },
);
