import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { Command } from 'commander';
import { AppError } from '../../../src-shared/api/appError.ts';
import { parseBidsFilter, selected, type BidsSelection } from '../../../src-shared/domain/bidsFilter.ts';
import { identify, isImageName } from '../../../src-shared/domain/scanIdentity.ts';
import { readSidecar } from '../../files/readSidecar.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { builtInTools } from '../../tools/tools.ts';
import { interruptible } from './interruptible.ts';
import { softwareVersion } from './software.ts';
import { show, type OutputOptions } from './terminal.ts';
import { withEngine, type Opened } from './withEngine.ts';

interface BidsAppOptions extends OutputOptions {
  readonly participantLabel?: string[];
  readonly sessionLabel?: string[];
  readonly workDir?: string;
  readonly nProcs?: string;
  readonly tools?: string;
  readonly model?: string;
  readonly risk?: string;
  readonly confidence?: string;
  readonly bidsFilterFile?: string;
}

export const isBidsApp = (args: readonly string[]): boolean =>
  args.some((arg, n) => n >= 2 && (arg === 'participant' || arg === 'group')) && !args[0]?.startsWith('-');

/** `defaceqa BIDS_DIR OUT_DIR participant|group`: the interface of a BIDS App (Gorgolewski et al. 2017). */
export function bidsAppCommand(): Command {
  return new Command('defaceqa')
    .usage('BIDS_DIR OUT_DIR participant|group [options]')
    .description('As a BIDS App: participant works on single people, group merges them into one study.')
    .argument('<bids_dir>', 'the data set')
    .argument('<output_dir>', 'where results go')
    .argument('<level>', 'participant or group')
    .option('--participant-label <labels...>', 'only these people, with or without sub-')
    .option('--session-label <labels...>', 'only these sessions, with or without ses-')
    .option(
      '-w, --work-dir <folder>',
      'scratch on a local disk; a person is copied to the output when finished',
    )
    .option('--n-procs <n>', 'threads (default: one per core)')
    .option('--tools <ids>', 'tools by commas (default: the built-in ones)')
    .option('--model <file>', 'a model file that scores and triages')
    .option('--risk <share>', 'largest share of insufficient defacings that may be passed', '0.05')
    .option('--confidence <share>', 'confidence of that', '0.95')
    .option('--bids-filter-file <file>', 'entities to take, as JSON')
    .option('--json', 'print the result as JSON')
    .version(softwareVersion(), '--version')
    .action((bids: string, out: string, level: string, options: BidsAppOptions) =>
      interruptible(options, (signal) =>
        bidsApp({ bids: resolve(bids), out: resolve(out), level }, options, signal),
      ),
    );
}

async function bidsApp(
  { bids, out, level }: { bids: string; out: string; level: string },
  options: BidsAppOptions,
  signal: AbortSignal,
): Promise<void> {
  if (level !== 'participant' && level !== 'group')
    throw new AppError('bids-app-level', 'The level is participant or group.', { level });
  const workers = options.nProcs === undefined ? undefined : Number(options.nProcs);
  if (workers !== undefined && !(Number.isInteger(workers) && workers > 0))
    throw new AppError('bids-app-level', '--n-procs takes a whole number from 1 on.');
  // One data set is one study, whoever works on which part of it, so ids agree and parts can be joined.
  const studyId = `bids-${createHash('sha256')
    .update(await realpath(bids))
    .digest('hex')
    .slice(0, 24)}`;
  const place = { bids, out, workers, studyId };
  if (level === 'participant') await participants(place, options, signal);
  else await group(place, options, signal);
}

interface Place {
  readonly bids: string;
  readonly out: string;
  readonly workers: number | undefined;
  readonly studyId: string;
}

const without = (labels: readonly string[] | undefined, prefix: string): string[] | null =>
  labels?.flatMap((label) => label.split(',')).map((label) => label.replace(new RegExp(`^${prefix}-`), '')) ??
  null;

async function participants(place: Place, options: BidsAppOptions, signal: AbortSignal): Promise<void> {
  const { bids, out } = place;
  const selection: BidsSelection = {
    participants: without(options.participantLabel, 'sub'),
    sessions: without(options.sessionLabel, 'ses'),
    filters:
      options.bidsFilterFile === undefined
        ? {}
        : parseBidsFilter(await readFile(options.bidsFilterFile, 'utf8')),
  };
  const folders = (await readdir(bids, { withFileTypes: true }))
    .filter((entry) => entry.name.startsWith('sub-') && !entry.isFile())
    .map(({ name }) => name)
    .sort();
  const wanted = folders.filter((name) => selection.participants?.includes(name.slice(4)) ?? true);
  const missing = selection.participants?.filter((label) => !folders.includes(`sub-${label}`)) ?? [];
  if (missing.length > 0 || wanted.length === 0) {
    throw new AppError(
      'nothing-found',
      wanted.length === 0
        ? 'There is nobody of these labels in the data set: no folder sub-LABEL.'
        : `${missing.length} of the labels asked for are not in the data set.`,
    );
  }
  const images = new Map<string, string[]>();
  for (const participant of wanted)
    images.set(participant, await imagesOf(join(bids, participant), participant, selection));
  // Nobody's images fit: a slip in a label or the filter, and not a finished person.
  if ([...images.values()].every((files) => files.length === 0)) {
    throw new AppError(
      'nothing-found',
      'These people have no image that fits the sessions and the filter asked for. Look at the labels: sessions are given with or without ses-.',
    );
  }
  const results: { participant: string; scans: number; defacings: number }[] = [];
  for (const [participant, files] of images) {
    signal.throwIfAborted();
    results.push({ participant, ...(await onePerson(place, participant, files, options, signal)) });
  }
  show(options, { participants: results, parts: join(out, 'parts') }, () =>
    results
      .map(({ participant, scans, defacings }) => `${participant}: ${scans} scans, ${defacings} defacings`)
      .join('\n'),
  );
}

/** Images of a person that the selection takes, in the order of names. */
async function imagesOf(folder: string, participant: string, selection: BidsSelection): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() || !isImageName(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const relativePath = posix.join(participant, path.slice(folder.length + 1).replaceAll('\\', '/'));
    const sidecar = await readSidecar(path);
    if (selected(identify(relativePath, sidecar.fields), selection)) files.push(path);
  }
  return files.sort();
}

/** One person in a study of its own, made in the scratch folder where one is given, and marked when it is finished. */
async function onePerson(
  { out, workers, studyId }: Place,
  participant: string,
  files: readonly string[],
  options: BidsAppOptions,
  signal: AbortSignal,
): Promise<{ scans: number; defacings: number }> {
  const part = join(out, 'parts', participant);
  const studyFolder = options.workDir === undefined ? part : join(resolve(options.workDir), participant);
  const tools = options.tools?.split(',').map((id) => id.trim()) ?? builtInTools.map(({ id }) => id);
  const counts = await withEngine({ studyFolder, workers, newStudyId: () => studyId }, async (opened) => {
    const { api } = opened;
    for (const input of files) await jobOf(opened, () => api['imports.start']({ input }), signal);
    await jobOf(opened, () => api['runs.start']({ tools }), signal);
    if (options.model !== undefined) await score(opened, studyFolder, options);
    const scans = (await api['scans.list']({})).filter(({ state }) => state === 'ok');
    const defacings = (await api['defacings.list']({})).filter(({ path }) => path !== null);
    return { scans: scans.length, defacings: defacings.length };
  });
  const done = `${JSON.stringify({ participant, files: files.length, ...counts, software: softwareVersion() }, null, 2)}\n`;
  await writeFileWhole(join(studyFolder, 'done.json'), done);
  if (studyFolder !== part) {
    const beside = join(out, 'parts', `.${participant}.part`);
    await rm(beside, { recursive: true, force: true });
    await mkdir(join(out, 'parts'), { recursive: true });
    await cp(studyFolder, beside, {
      recursive: true,
      filter: (path) => !/writer\.(lock|json)|-(wal|shm)$/.test(path),
    });
    await rm(part, { recursive: true, force: true });
    await rename(beside, part);
  }
  return counts;
}

async function jobOf(
  { api }: Opened,
  start: () => Promise<{ jobId: number }>,
  signal: AbortSignal,
): Promise<void> {
  const { jobId } = await start();
  const stop = (): void => void api['jobs.cancel']({ jobId });
  signal.addEventListener('abort', stop, { once: true });
  const job = await api['jobs.wait']({ jobId });
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (job.error !== null) throw new AppError(job.error.code, job.error.message);
}

/** Scores and triages with the model given, and writes what came out beside the tables. */
async function score({ api }: Opened, studyFolder: string, options: BidsAppOptions): Promise<void> {
  if ((await api['defacings.list']({})).length === 0) return;
  const model = await api['triage.addModel']({ path: options.model ?? '' });
  const alpha = Number(options.risk);
  const delta = Number((1 - Number(options.confidence)).toFixed(6));
  const run = await api['triage.start']({ modelId: model.id, alpha, delta });
  const items = await api['triage.items']({ runId: run.id });
  const head = 'scan\ttool\tprobability\tdecision\treasons\n';
  const rows = [...items]
    .sort((a, b) => (a.scan + a.tool < b.scan + b.tool ? -1 : 1))
    .map(({ scan, tool, probability, decision, reasons }) => [scan, tool, probability ?? 'n/a', decision, reasons.join(' ')].join('\t')); // prettier-ignore
  await writeFileWhole(join(studyFolder, 'triage.tsv'), head + rows.map((row) => `${row}\n`).join(''));
}

async function group(
  { bids, out, workers, studyId }: Place,
  options: BidsAppOptions,
  signal: AbortSignal,
): Promise<void> {
  const studyFolder = join(out, 'study');
  const result = await withEngine({ studyFolder, workers, newStudyId: () => studyId }, async (opened) => {
    const { api } = opened;
    await jobOf(opened, () => api['parts.merge']({ input: bids, parts: join(out, 'parts') }), signal);
    if (options.model !== undefined) await score(opened, studyFolder, options);
    const report = await api['report.save']({ folder: join(out, 'report') });
    return { summary: await api['study.summary']({}), report };
  });
  show(
    options,
    { study: studyFolder, ...result },
    () =>
    [`Merged into ${studyFolder}.`, `Report: ${result.report.files.join(', ')}`, result.report.noPdf ?? ''].join('\n').trim(), // prettier-ignore
  );
}
