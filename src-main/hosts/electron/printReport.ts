import type { BrowserWindowConstructorOptions, PrintToPDFOptions, Session } from 'electron';
import { pdfFailed, type PrintPdf } from '../../release/printPdf.ts';

/** The few calls of Electron that printing uses. */
export interface PrintParts {
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => {
    loadURL(url: string): Promise<void>;
    destroy(): void;
    readonly webContents: { printToPDF(options: PrintToPDFOptions): Promise<Uint8Array> };
  };
  readonly session: { fromPartition(name: string): PrintSession };
}

/** What of a session printing uses. Whatever stands in for one in a test can also be given to a window. */
export type PrintSession = Pick<Session, 'protocol' | 'webRequest' | 'setPermissionRequestHandler'>;

const scheme = 'defaceqa';
const address = `${scheme}://print/`;

/**
 * Prints by a window that is never shown: sandboxed, without scripts, in a session of its own that is kept in memory and
 * reaches nothing but the one page. Reports are printed one after the other.
 */
export function createPrinter({ BrowserWindow, session }: PrintParts): PrintPdf {
  let own: PrintSession | null = null;
  let page = '';
  let before: Promise<unknown> = Promise.resolve();

  function printSession(): PrintSession {
    if (own !== null) return own;
    own = session.fromPartition('print');
    own.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
    own.webRequest.onBeforeRequest(({ url }, answer) =>
      answer({ cancel: url !== address && !url.startsWith('data:') }),
    );
    own.protocol.handle(
      scheme,
      () =>
        new Response(page, {
          headers: {
            'Content-Type': 'text/html; charset=utf-8',
            'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
          },
        }),
    );
    return own;
  }

  async function print(html: string): Promise<Uint8Array> {
    page = html;
    const window = new BrowserWindow({
      show: false,
      webPreferences: {
        session: printSession() as Session,
        javascript: false,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        spellcheck: false,
      },
    });
    try {
      await window.loadURL(address);
      return await window.webContents.printToPDF({
        printBackground: true,
        preferCSSPageSize: true,
        generateTaggedPDF: true,
        generateDocumentOutline: true,
      });
    } catch (error) {
      throw pdfFailed(error);
    } finally {
      window.destroy();
      page = '';
    }
  }

  return (html) => {
    const printed = before.then(() => print(html));
    before = printed.catch(() => null);
    return printed;
  };
}
