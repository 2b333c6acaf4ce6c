import { join, resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { reportCalls } from '../../src-shared/api/reportCalls.ts';
import { studyReport } from '../../src-shared/report/studyReport.ts';
import { writeFileWhole } from '../files/writeFile.ts';
import { findChromium, printByChromium, type PrintPdf } from '../release/printPdf.ts';
import type { Engine } from './engine.ts';
import { gatherReport } from './gatherReport.ts';

/** The report's calls. */
export function reportHandlersOf(engine: Engine): HandlersOf<typeof reportCalls> {
  const page = async (options: Parameters<typeof gatherReport>[1]): Promise<string> =>
    studyReport(await gatherReport(engine, options), engine.clock.now().slice(0, 10));
  return {
    'report.html': async (options) => ({ html: await page(options) }),
    'report.save': async ({ folder, ...options }) => {
      const html = join(resolve(folder), 'report.html');
      const text = await page(options);
      await writeFileWhole(html, text);
      const print = await printer(engine);
      if (print === null)
        return {
          files: [html],
          noPdf: 'No Chromium was found to print a PDF. Print the HTML file from any browser.',
        };
      try {
        const pdf = join(resolve(folder), 'report.pdf');
        await writeFileWhole(pdf, await print(text));
        return { files: [html, pdf], noPdf: null };
      } catch (error) {
        if (error instanceof AppError && error.code === 'pdf-failed')
          return { files: [html], noPdf: error.message };
        throw error;
      }
    },
  };
}

/** The host's own way to print, else a Chromium of this machine; null where there is neither. */
async function printer({ printPdf, programs: { inherited } }: Engine): Promise<PrintPdf | null> {
  if (printPdf !== null) return printPdf;
  const browser = await findChromium(inherited);
  return browser === null ? null : (html) => printByChromium(browser, html, inherited);
}
