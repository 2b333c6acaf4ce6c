import { join } from 'node:path';
import { benchmarkVersion, type BenchmarkSettings } from '../../src-shared/benchmark/benchmarkPlan.ts';
import { joined, type MeasuredScan } from '../../src-shared/benchmark/measuredItem.ts';
import { features as measurements } from '../../src-shared/features/features.ts';
import { imageMeasureIds } from '../../src-shared/features/imageMeasures.ts';
import { sha256 } from '../../src-shared/model/sha256.ts';
import { appendLine, readLines } from '../files/jsonLines.ts';
import type { Work } from './evaluateBenchmark.ts';

interface ScanLine {
  /** Of settings and program: what must be equal for the line to be of use. */
  readonly key: string;
  /** Features measured, by id, with their versions. */
  readonly versions: Readonly<Record<string, number>>;
  readonly scan: MeasuredScan;
}

/**
 * The measurements of a benchmark, scan after scan in the threads; what is there is not made again. Where an earlier program
 * measured the views and only other features are new, the views are not measured again.
 */
export async function measureBenchmark(
  settings: BenchmarkSettings,
  { pool, folder, report, signal }: Work,
): Promise<MeasuredScan[]> {
  const versions = Object.fromEntries(measurements.map(({ id, version }) => [id, version]));
  const has = (line: ScanLine, ids: readonly string[]): boolean =>
    ids.every((id) => line.versions[id] === versions[id]);
  const key = sha256(JSON.stringify([benchmarkVersion, settings])).slice(0, 16);
  const path = join(folder, 'scans.jsonl');
  const known = (await readLines<ScanLine>(path)).filter((line) => line.key === key);
  const complete = known.filter((line) => has(line, Object.keys(versions)));
  const scans = new Map(complete.map(({ scan }) => [scan.scan, scan]));
  const viewed = new Map(
    known.filter((line) => has(line, imageMeasureIds)).map(({ scan }) => [scan.scan, scan]),
  );
  report(scans.size, settings.scans, 'heads');
  await Promise.all(
    Array.from({ length: settings.scans }, (_, scan) => scan)
      .filter((scan) => !scans.has(scan))
      .map(async (scan) => {
        const options = signal === undefined ? {} : { signal };
        const earlier = viewed.get(scan);
        const fresh = (await pool.run(
          'benchmarkScan',
          { settings, scan, withViews: earlier === undefined },
          options,
        )) as MeasuredScan;
        const measured = earlier === undefined ? fresh : joined(earlier, fresh, imageMeasureIds);
        await appendLine(path, { key, versions, scan: measured } satisfies ScanLine);
        scans.set(scan, measured);
        report(scans.size, settings.scans, 'heads');
      }),
  );
  return [...scans.values()].sort((a, b) => a.scan - b.scan);
}
