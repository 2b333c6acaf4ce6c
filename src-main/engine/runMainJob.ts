import type { Scan } from '../../src-shared/domain/study.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';
import { findAlike } from './findAlike.ts';
import { importScans } from './importScans.ts';
import { processScan, type Chosen, type Insistence } from './processScan.ts';
import { takeUpOnRequest } from './takeUp.ts';
import { writeTables } from './writeTables.ts';

/** The main job: a folder of heads becomes defacings, views and measurements. Every part can be repeated; what is done is kept. */
export async function runMainJob(
  engine: Engine,
  {
    input,
    chosen: wanted,
    insistence,
    skipMissing,
  }: {
    input: string | null;
    chosen: readonly Chosen[];
    insistence: Insistence;
    /** Leave out tools that are not here. */
    skipMissing: boolean;
  },
  job: JobContext,
): Promise<void> {
  if (input !== null) await importScans(engine, input, job);
  takeUpOnRequest(engine);
  const chosen = skipMissing ? await present(engine, wanted) : wanted;
  const total = engine.scans.counts().ok ?? 0;
  let done = 0;
  const report = (message: string): void => job.report({ phase: 'process', done, total, message });
  report('');
  // T1 scans first where other contrasts of a session may take their mask over.
  const carries = chosen.some(({ tool }) => tool.kind === 'program' && tool.needsT1);
  for (const t1 of carries ? [true, false] : [null]) {
    await forEachInFlight(okScans(engine, t1), engine.pool.size, async (scan) => {
      await processScan(engine, scan, chosen, job, insistence);
      done++;
      report(scan.relativePath);
    });
  }
  job.report({ phase: 'compare', done: 0, total: 1, message: '' });
  await findAlike(engine, job.signal);
  job.report({ phase: 'tables', done: 0, total: 1, message: '' });
  await writeTables(engine);
}

/** Those of the tools that have all they need here; of the others the log says what is missing. */
async function present({ programs, log }: Engine, wanted: readonly Chosen[]): Promise<Chosen[]> {
  const found = await programs.find(wanted.flatMap(({ tool }) => (tool.kind === 'program' ? [tool] : [])));
  const absent = new Map(found.filter((tool) => !tool.found).map((tool) => [tool.id, tool]));
  for (const { id, missing } of absent.values())
    log('tool-left-out', { tool: id, missing: missing.map(({ what }) => what) });
  return wanted.filter(({ tool }) => !absent.has(tool.id));
}

/** Scans that were taken up, all, T1 or others, a page at a time. */
function* okScans({ scans }: Engine, t1: boolean | null): Generator<Scan> {
  let after = '';
  for (;;) {
    const page = scans.page(after, 100);
    yield* page.filter(
      ({ state, modality }) => state === 'ok' && (t1 === null || (modality === 'T1w') === t1),
    );
    if (page.length < 100) return;
    after = page[page.length - 1].id;
  }
}
