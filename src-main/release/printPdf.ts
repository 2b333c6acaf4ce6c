import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../src-shared/api/appError.ts';
import { runProgram } from '../tools/runProgram.ts';

/** Prints a page of HTML that needs nothing else. Throws `pdf-failed`. */
export type PrintPdf = (html: string) => Promise<Uint8Array>;

export const pdfFailed = (cause?: unknown): AppError =>
  new AppError(
    'pdf-failed',
    'The browser could not print the report. The HTML file holds the same; print it by hand.',
    {},
    { cause },
  );

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
  'microsoft-edge',
];
const usual = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A browser that prints: CHROMIUM names it, else one on the PATH or in its usual place; null where there is none. */
export async function findChromium(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = [
    ...(environment.CHROMIUM === undefined ? [] : [environment.CHROMIUM]),
    ...folders.flatMap((folder) => names.map((name) => join(folder, `${name}${ending}`))),
    ...usual,
  ];
  for (const path of places) {
    if (await access(path).then(() => true, () => false)) return path; // prettier-ignore
  }
  return null;
}

/** Prints with a Chromium of this machine, without network or scripts. */
export async function printByChromium(
  browser: string,
  html: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'defaceqa-print-'));
  const out = join(folder, 'page.pdf');
  try {
    const page = join(folder, 'page.html');
    await writeFile(page, html);
    const args = [
      ...[
        '--headless',
        '--disable-gpu',
        '--no-first-run',
        '--disable-extensions',
        '--disable-background-networking',
      ],
      ...['--host-resolver-rules=MAP * ~NOTFOUND', `--user-data-dir=${join(folder, 'profile')}`],
      // A sandbox can not be had by root; the page is ours and has no scripts.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--no-pdf-header-footer', `--print-to-pdf=${out}`, pathToFileURL(page).href],
    ];
    const end = await runProgram({
      command: { file: browser, args, env: { PATH: environment.PATH ?? '', HOME: folder } },
      folder,
      logPath: join(folder, 'log'),
      timeoutMs: 120_000,
    });
    const size = await stat(out).then(({ size: bytes }) => bytes, () => 0); // prettier-ignore
    if (end.ended !== 'exited' || size === 0) {
      throw pdfFailed();
    }
    return await readFile(out);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
