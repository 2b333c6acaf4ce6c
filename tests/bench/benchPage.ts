import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { builtPages } from '../fixtures/builtPages.ts';
import {
  callFrom,
  hasChromium,
  noChromium,
  openWatchedPage,
  startBrowserHost,
  type BrowserHost,
} from '../fixtures/browserHost.ts';

export interface BenchPage {
  /** At the list of studies. */
  readonly page: Page;
  readonly host: BrowserHost;
  /** Empty, below the root of the host, and gone afterwards. */
  readonly folder: string;
  /** A call by whoever is signed in; throws where it is refused. */
  readonly call: <Value>(name: string, input: object) => Promise<Value>;
}

/** Measures in the built workstation in a browser; without Chromium it says so and is content. */
export async function onBenchPage(
  print: (line: string) => void,
  measure: (bench: BenchPage) => Promise<boolean>,
  { workers = 1 } = {},
): Promise<boolean> {
  if (!hasChromium) {
    print(`skipped: ${noChromium}`);
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
  await builtPages();
  const { browser, page } = await openWatchedPage();
  const host = await startBrowserHost(folder, { workers });
  const call = async <Value>(name: string, input: object): Promise<Value> => {
    const answer = await callFrom<Value>(page, name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.error?.code ?? ''}`);
    return answer.value;
  };
  try {
    await page.goto(host.url);
    await page.getByRole('heading', { name: 'Studies' }).waitFor();
    return await measure({ page, host, folder, call });
  } finally {
    await browser.close();
    await host.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
