import { type Command, Option } from 'commander';
import { interruptible } from './interruptible.ts';
import { show, type OutputOptions } from './terminal.ts';
import { withEngine } from './withEngine.ts';

interface ReportOptions extends OutputOptions {
  readonly out: string;
  readonly criterion: 'strict' | 'lenient';
  readonly title?: string;
  readonly faces: 'none' | 'defaced' | 'all';
}

/** Adds `report`: the study as one HTML page and a PDF. */
export function registerReport(program: Command): void {
  program
    .command('report <study>')
    .description('The study as one page of HTML, and as PDF where a Chromium is found.')
    .requiredOption('--out <folder>', 'where report.html and report.pdf go')
    .addOption(
      new Option('--criterion <which>', 'strict or lenient')
        .choices(['strict', 'lenient'])
        .default('lenient'),
    )
    .option('--title <text>', 'title of the report')
    .addOption(
      new Option(
        '--faces <which>',
        'small pictures: of defaced heads, or of originals as well, which are faces',
      )
        .choices(['none', 'defaced', 'all'])
        .default('none'),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  defaceqa report /data/study --out /data/report')
    .action((study: string, { out, criterion, title, faces, ...options }: ReportOptions) =>
      interruptible(options, async () => {
        const answer = await withEngine({ studyFolder: study, workers: 1 }, ({ api }) =>
          api['report.save']({ folder: out, criterion, faces, ...(title !== undefined && { title }) }),
        );
        show(options, answer, () => [...answer.files, answer.noPdf ?? ''].join('\n').trim());
      }),
    );
}
