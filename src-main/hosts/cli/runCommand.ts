import { AppError } from '../../../src-shared/api/appError.ts';
import { builtInTools } from '../../tools/tools.ts';
import { bar, progressLine, show, table, type OutputOptions } from './terminal.ts';
import { withEngine, type Opened } from './withEngine.ts';

export interface RunOptions extends OutputOptions {
  readonly study: string;
  readonly tools?: string;
  readonly workers?: number;
  readonly retry?: boolean;
  readonly ladder?: boolean;
  readonly skipMissing?: boolean;
  readonly takeUp4d?: boolean;
  readonly takeUpWithoutOrientation?: boolean;
}

/** `run`: the main job with a progress line; the first Ctrl-C stops it cleanly, the second at once. */
export async function runCommand(input: string, options: RunOptions): Promise<void> {
  const tools = options.tools?.split(',').map((id) => id.trim()) ?? builtInTools.map(({ id }) => id);
  await withEngine({ studyFolder: options.study, workers: options.workers }, async (opened) => {
    const { api } = opened;
    const ready = await readyTools(opened, tools, options);
    const { jobId } = await api['runs.start']({
      input,
      tools: ready,
      retry: options.retry === true,
      ladder: options.ladder === true,
      ...(options.takeUp4d === true && { takeUp4d: true }),
      ...(options.takeUpWithoutOrientation === true && { takeUpWithoutOrientation: true }),
    });
    let asked = false;
    const onInterrupt = (): void => {
      if (asked) process.exit(130);
      asked = true;
      process.stderr.write(
        '\nStopping. The same line again goes on from here. Ctrl-C once more ends at once.\n',
      );
      void api['jobs.cancel']({ jobId });
    };
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onInterrupt);
    const watching = new AbortController();
    const watched = watch(opened, options, watching.signal);
    try {
      const job = await api['jobs.wait']({ jobId });
      watching.abort();
      await watched;
      if (job.state === 'cancelled') {
        process.exitCode = 130;
        show(options, { job }, () => 'Stopped. The same line again goes on from here.');
        return;
      }
      if (job.error !== null) throw new AppError(job.error.code, job.error.message);
      await report(opened, options, jobId);
    } finally {
      watching.abort();
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    }
  });
}

/** Names what is missing before anything is started; with --skip-missing those tools are left out. */
async function readyTools(
  { api }: Opened,
  wanted: readonly string[],
  options: RunOptions,
): Promise<string[]> {
  const known = await api['tools.list']({});
  const missing = known.filter(({ id, available }) => wanted.includes(id) && !available);
  for (const tool of missing) {
    const what = tool.missing.join(', ');
    process.stderr.write(`${tool.title} can not run: missing ${what}. ${tool.mend ?? ''}\n`);
  }
  if (options.skipMissing !== true) return [...wanted];
  return wanted.filter((id) => !missing.some((tool) => tool.id === id));
}

async function watch({ engine }: Opened, options: OutputOptions, signal: AbortSignal): Promise<void> {
  const line = progressLine(options.json !== true);
  for await (const event of engine.events(signal)) {
    if (event.kind !== 'progress') continue;
    const { phase, done, total, message } = event.progress;
    line.draw(`${phase.padEnd(8)} ${bar(done, total)} ${message}`);
  }
  line.clear();
}

async function report({ api }: Opened, options: RunOptions, jobId: number): Promise<void> {
  const [summary, scans, defacings, steps, suspected] = await Promise.all([
    api['study.summary']({}),
    api['scans.list']({}),
    api['defacings.list']({}),
    api['jobs.steps']({ jobId }),
    api['scans.suspected']({}),
  ]);
  const failed = steps.filter(({ state }) => state === 'failed');
  if (failed.length > 0) process.exitCode = 2;
  const kept = steps.filter(({ state }) => state === 'kept').length;
  const names = new Map(scans.map(({ id, name }) => [id, name]));
  const result = { summary, steps: { total: steps.length, kept, failed }, scans, defacings, suspected };
  show(options, result, () => {
    const left = scans.filter(({ state }) => state !== 'ok');
    const digits = (value: number | null | undefined, places: number): number | null =>
      value === null || value === undefined ? null : Number(value.toFixed(places));
    const parts = [
      table(
        ['scan', 'tool', 'outcome', 'head %', 'brain %', 'brain ml', 'ssim', 'fsim', 'altered %', 'raw %'],
        defacings
          .map((defacing) => ({ ...defacing, name: names.get(defacing.scanId) ?? '' }))
          .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.tool < b.tool ? -1 : 1))
          .map(({ name, tool, outcome, features, refaced, raw }) => {
            const altered = raw?.features.find(({ feature }) => feature === 'impacted_pct')?.value;
            const value = (id: string): number | null | undefined =>
              features.find(({ feature }) => feature === id)?.value;
            return [
              name,
              tool,
              refaced ? `${outcome}, refaced` : outcome,
              digits(value('head_loss_pct'), 1),
              digits(value('brain_loss_pct'), 2),
              digits(value('brain_loss_ml'), 1),
              digits(value('ssim'), 3),
              digits(value('fsim_reference'), 3),
              digits(value('impacted_pct'), 1),
              digits(altered, 1),
            ];
          }),
      ),
    ];
    if (suspected.length > 0)
      parts.push(
        `\nLook at these originals first:\n${suspected
          .flatMap(({ scanId, suspicions }) =>
            suspicions.map(
              ({ strength, sentence, otherScanId }) =>
                `  ${names.get(scanId) ?? ''} (${strength}): ${sentence}${otherScanId === undefined ? '' : ` The other is ${names.get(otherScanId) ?? ''}.`}`,
            ),
          )
          .join('\n')}`,
      );
    const told = defacings.filter(({ reason }) => reason !== '');
    if (told.length > 0)
      parts.push(
        `\nTo know:\n${told.map(({ scanId, tool, reason }) => `  ${names.get(scanId) ?? ''}, ${tool}: ${reason}`).join('\n')}`,
      );
    if (left.length > 0)
      parts.push(
        `\nLeft out:\n${left.map(({ relativePath, state, reason }) => `  ${relativePath} (${state}): ${reason}`).join('\n')}`,
      );
    if (failed.length > 0)
      parts.push(
        `\nFailed, tried again by the same line:\n${failed
          .map(
            ({ subject, step, message }) => `  ${names.get(subject) ?? subject}, ${step}: ${message ?? ''}`,
          )
          .join('\n')}`,
      );
    parts.push(
      `\n${steps.length} steps, ${kept} of them done before. Results: ${options.study} (derivatives/defaceqa/features.tsv, views/).`,
    );
    return parts.join('\n');
  });
}
