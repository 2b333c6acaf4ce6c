import { type Command, Option } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { ExportPreview } from '../../../src-shared/api/exportCalls.ts';
import { interruptible } from './interruptible.ts';
import { show, table, type OutputOptions } from './terminal.ts';
import { withEngine, type Opened } from './withEngine.ts';

interface ExportCommandOptions extends OutputOptions {
  readonly criterion: 'strict' | 'lenient';
  readonly out?: string;
  readonly preview?: boolean;
  readonly layout: 'bids' | 'plain';
  readonly which: 'best' | 'all';
  readonly tools?: string[];
  readonly newLabels?: boolean;
  readonly labelsAreCodes?: string;
  readonly normalise: 'none' | 'z-score' | 'white-stripe';
  readonly oneMillimetre?: boolean;
  readonly harmonise?: boolean;
  readonly masks: boolean;
  readonly name?: string;
  readonly author?: string[];
  readonly licence?: string;
  readonly datasetVersion?: string;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const criterion = (): Option =>
  new Option('--criterion <which>', 'strict or lenient').choices(['strict', 'lenient']).makeOptionMandatory();

/** Adds `export` and `accept`. */
export function registerExport(program: Command): void {
  program
    .command('export <study>')
    .description(
      'What may leave the building, as a BIDS derivative or a plain folder; the rest is held back with reasons.',
    )
    .addOption(criterion())
    .option('--out <folder>', 'the folder to write; it must not exist yet, or be empty')
    .option('--preview', 'only say what would be written and what is held back and why')
    .addOption(new Option('--layout <layout>', 'how files lie').choices(['bids', 'plain']).default('bids'))
    .addOption(
      new Option('--which <which>', 'one defacing a scan, or every one that passes')
        .choices(['best', 'all'])
        .default('best'),
    )
    .option('--tools <ids>', 'only defacings of these tools', list)
    .option('--new-labels', 'people leave under labels drawn for this study')
    .option('--labels-are-codes <name>', 'you looked at the labels that read as words: none is a name')
    .addOption(
      new Option('--normalise <how>', 'also images with normalised intensities')
        .choices(['none', 'z-score', 'white-stripe'])
        .default('none'),
    )
    .option('--one-millimetre', 'also each image on a straight grid of 1 mm')
    .option('--harmonise', 'also measurements without the effect of the scanner (ComBat)')
    .option('--no-masks', 'leave out the masks of what was removed')
    .option('--name <text>', 'name of the data set')
    .option('--author <names...>', 'its authors')
    .option('--licence <text>', 'its licence')
    .option('--dataset-version <text>', 'its version, for CHANGES')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa export /data/study --criterion lenient --preview\n  defaceqa export /data/study --criterion lenient --out /data/share --new-labels',
    ) // prettier-ignore
    .action((study: string, options: ExportCommandOptions) =>
      interruptible(options, (signal) => exportCommand(study, options, signal)),
    );
  program
    .command('accept <study>')
    .description(
      'A named person lets a defacing out that has no label that passes; recorded with the reason.',
    )
    .requiredOption('--scan <name>', 'name of the scan in the study')
    .requiredOption('--tool <id>', 'the tool that made the defacing')
    .addOption(criterion())
    .requiredOption('--name <name>', 'who accepts it')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  defaceqa accept /data/study --scan sub-01_T1w --tool pydeface --criterion lenient --name "A. Berger" --reason "seen in 3D, nothing left"',
    ) // prettier-ignore
    .action((study: string, options: AcceptOptions) =>
      interruptible(options, () => acceptCommand(study, options)),
    );
}

async function exportCommand(
  study: string,
  options: ExportCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  if (options.preview !== true && options.out === undefined) {
    throw new AppError('export-folder-used', 'Name the folder to write with --out, or ask for --preview.');
  }
  await withEngine({ studyFolder: study }, async ({ api }) => {
    const wanted = {
      criterion: options.criterion,
      layout: options.layout,
      which: options.which,
      ...(options.tools !== undefined && { tools: options.tools }),
      labelling: options.newLabels === true ? ('new' as const) : ('keep' as const),
      ...(options.labelsAreCodes !== undefined && { labelsTrustedBy: options.labelsAreCodes }),
      normalise: options.normalise,
      oneMillimetre: options.oneMillimetre === true,
      harmonise: options.harmonise === true,
      masks: options.masks,
      ...(options.name !== undefined && { name: options.name }),
      ...(options.author !== undefined && { authors: options.author }),
      ...(options.licence !== undefined && { licence: options.licence }),
      ...(options.datasetVersion !== undefined && { version: options.datasetVersion }),
    };
    const preview = await api['exports.preview'](wanted);
    if (options.preview === true) {
      show(options, preview, () => previewText(preview));
      return;
    }
    const { jobId } = await api['exports.start']({ folder: options.out ?? '', options: wanted });
    const stop = (): void => void api['jobs.cancel']({ jobId });
    signal.addEventListener('abort', stop, { once: true });
    const job = await api['jobs.wait']({ jobId });
    signal.throwIfAborted();
    if (job.error !== null) throw new AppError(job.error.code, job.error.message);
    const record = (await api['exports.list']({})).at(-1);
    show(options, { export: record, preview }, () =>
      [
        previewText(preview),
        `\nWritten: ${String(record?.images)} images, ${String(record?.files)} files. Manifest ${String(record?.manifestSha256)}.`,
        record?.validator === null || record === undefined
          ? 'BIDS validator: not run.'
          : `BIDS validator ${record.validator.version}: 0 errors, ${record.validator.findings.length} warnings.`,
      ].join('\n'),
    );
  });
}

function previewText({
  write,
  heldBack,
  notes,
  sidecarKeysDropped,
  headerTextRemoved,
}: ExportPreview): string {
  const names = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .sort()
      .map(([name, n]) => `${name} (${n})`)
      .join(', ');
  const parts = [
    `Leaves: ${write.length} images`,
    table(
      ['scan', 'tool', 'because of', 'file'],
      write.map(({ scan, tool, by, acceptedBy, paths }) => [
        scan,
        tool,
        by === 'label' ? 'its final label' : `accepted by ${acceptedBy ?? ''}`,
        paths[0],
      ]),
    ),
    `\nHeld back: ${heldBack.length}`,
    table(
      ['scan', 'tool', 'why'],
      heldBack.map(({ scan, tool, reasons }) => [
        scan,
        tool,
        reasons.map(({ sentence }) => sentence).join(' '),
      ]),
    ),
  ];
  if (Object.keys(sidecarKeysDropped).length > 0)
    parts.push(`\nSidecar keys that stay here: ${names(sidecarKeysDropped)}`);
  if (Object.keys(headerTextRemoved).length > 0)
    parts.push(`Header text that is emptied: ${names(headerTextRemoved)}`);
  for (const note of notes) parts.push(`\nNote: ${note}`);
  return parts.join('\n');
}

interface AcceptOptions extends OutputOptions {
  readonly scan: string;
  readonly tool: string;
  readonly criterion: 'strict' | 'lenient';
  readonly name: string;
  readonly reason: string;
}

async function acceptCommand(study: string, options: AcceptOptions): Promise<void> {
  const { criterion: which, name, reason } = options;
  await withEngine({ studyFolder: study, workers: 1 }, async (opened) => {
    const defacingId = await defacingNamed(opened, options);
    await opened.api['exports.accept']({ defacingIds: [defacingId], criterion: which, name, reason });
    show(
      options,
      { defacingId, accepted: true },
      () => `Accepted under the ${which} criterion and recorded.`,
    );
  });
}

async function defacingNamed({ api }: Opened, { scan, tool }: AcceptOptions): Promise<string> {
  const found = (await api['scans.list']({})).find(({ name }) => name === scan);
  const defacing = (await api['defacings.list']({})).find(
    (each) => each.scanId === found?.id && each.tool === tool,
  );
  if (defacing !== undefined) return defacing.id;
  throw new AppError('defacing-missing', 'There is no such defacing in this study.', { tool });
}
