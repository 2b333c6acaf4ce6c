import type { Scan } from '../../src-shared/domain/study.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';
import { importScans } from './importScans.ts';
import { processScan, type Chosen } from './processScan.ts';
import { writeTables } from './writeTables.ts';

/** The main job: a folder of heads becomes defacings, views and measurements. Every part can be repeated; what is done is kept. */
export async function runMainJob(
  engine: Engine,
  { input, chosen }: { input: string | null; chosen: readonly Chosen[] },
  job: JobContext,
): Promise<void> {
  if (input !== null) await importScans(engine, input, job);
  const total = engine.scans.counts().ok ?? 0;
  let done = 0;
  const report = (message: string): void => job.report({ phase: 'process', done, total, message });
  report('');
  await forEachInFlight(okScans(engine), engine.pool.size, async (scan) => {
    await processScan(engine, scan, chosen, job);
    done++;
    report(scan.relativePath);
  });
  job.report({ phase: 'tables', done: 0, total: 1, message: '' });
  await writeTables(engine);
}

/** Scans that were taken up, a page at a time. */
function* okScans({ scans }: Engine): Generator<Scan> {
  let after = '';
  for (;;) {
    const page = scans.page(after, 100);
    yield* page.filter(({ state }) => state === 'ok');
    if (page.length < 100) return;
    after = page[page.length - 1].id;
  }
}
