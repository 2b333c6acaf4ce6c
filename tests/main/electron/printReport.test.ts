import type { BrowserWindowConstructorOptions, PrintToPDFOptions } from 'electron';
import { expect, it, vi } from 'vitest';
import {
  createPrinter,
  type PrintParts,
  type PrintSession,
} from '../../../src-main/hosts/electron/printReport.ts';

/** Electron's windows and sessions as printing uses them: a page is what its session answers for an address. */
function doubleOfPrinting({ fails = false } = {}) {
  const state = {
    windows: [] as BrowserWindowConstructorOptions[],
    printed: [] as { page: string; policy: string | null; options: PrintToPDFOptions }[],
    open: 0,
    partitions: [] as string[],
    cancelled: (url: string): boolean => url === '',
    grant: vi.fn(),
  };
  let page: (request: Request) => Promise<Response> = () => Promise.resolve(new Response(''));
  const session = {
    setPermissionRequestHandler: (
      handler: (contents: null, permission: 'media', grant: (granted: boolean) => void) => void,
    ) => handler(null, 'media', state.grant),
    webRequest: {
      onBeforeRequest: (
        listener: (
          details: { url: string },
          answer: (response: { cancel?: boolean | undefined }) => void,
        ) => void,
      ) => {
        state.cancelled = (url) => {
          let cancelled = false;
          listener({ url }, ({ cancel }) => (cancelled = cancel === true));
          return cancelled;
        };
      },
    },
    protocol: {
      handle: (_scheme: string, handler: typeof page) => (page = handler),
    },
  } as unknown as PrintSession;
  class Window {
    #address = '';
    constructor(options: BrowserWindowConstructorOptions) {
      state.windows.push(options);
      state.open++;
    }
    loadURL(url: string): Promise<void> {
      this.#address = url;
      return state.cancelled(url) ? Promise.reject(new Error('blocked')) : Promise.resolve();
    }
    destroy = (): number => state.open--;
    readonly webContents = {
      printToPDF: async (options: PrintToPDFOptions) => {
        if (fails) throw new Error('no printer');
        const answer = await page(new Request(this.#address));
        const policy = answer.headers.get('Content-Security-Policy');
        state.printed.push({ page: await answer.text(), policy, options });
        return Buffer.from(`%PDF ${state.printed.length}`);
      },
    };
  }
  const parts: PrintParts = {
    BrowserWindow: Window,
    session: {
      fromPartition: (name) => {
        state.partitions.push(name);
        return session;
      },
    },
  };
  return { state, parts };
}

it('prints the page in a hidden, sandboxed window without scripts, and closes it', async () => {
  const { state, parts } = doubleOfPrinting();
  const print = createPrinter(parts);
  expect(Buffer.from(await print('<h1>Report</h1>')).toString()).toBe('%PDF 1');
  expect(state.printed[0].page).toBe('<h1>Report</h1>');
  expect(state.printed[0].policy).toMatch(/^default-src 'none'/);
  expect(state.printed[0].options).toMatchObject({ preferCSSPageSize: true, generateTaggedPDF: true });
  expect(state.windows[0]).toMatchObject({
    show: false,
    webPreferences: { javascript: false, sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  expect(state.open).toBe(0);
});

it('reaches nothing but its own page, and keeps its session in memory', async () => {
  const { state, parts } = doubleOfPrinting();
  await createPrinter(parts)('page');
  for (const url of ['https://example.org/', 'defaceqa://app/', 'file:///etc/passwd', 'http://127.0.0.1/'])
    expect(state.cancelled(url), url).toBe(true);
  expect(state.cancelled('data:image/png;base64,AA')).toBe(false);
  expect(state.grant).toHaveBeenCalledWith(false);
  expect(state.partitions).toEqual(['print']);
});

it('prints two reports one after the other, each its own', async () => {
  const { state, parts } = doubleOfPrinting();
  const print = createPrinter(parts);
  await Promise.all([print('one'), print('two')]);
  expect(state.printed.map(({ page }) => page)).toEqual(['one', 'two']);
});

it('says that printing failed, closes the window, and prints the next one', async () => {
  const { state, parts } = doubleOfPrinting({ fails: true });
  const print = createPrinter(parts);
  await expect(print('one')).rejects.toMatchObject({ code: 'pdf-failed' });
  await expect(print('two')).rejects.toMatchObject({ code: 'pdf-failed' });
  expect(state.open).toBe(0);
});
