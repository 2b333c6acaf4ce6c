import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchmarkOfSize, defaultBenchmark } from '../../src-shared/benchmark/benchmarkPlan.ts';
import { paperModelIds } from '../../src-shared/model/models.ts';
import { benchmarkStudy } from '../../src-main/engine/benchmarkStudy.ts';
import { openPool } from '../../src-main/workers/pool.ts';

const goalMinutes = 40;
const cores = 2;

/**
 * A benchmark study on two threads, all its steps: 24 scans, or all 200 with `DEFACEQA_BENCH_SCANS=200`. Heads take the
 * same time each; folds, models and cut points are counted apart, since they grow less than the number of scans.
 * False where the whole study would take longer than the goal.
 */
export async function studyBench(print: (line: string) => void = console.log): Promise<boolean> {
  const scans = Number(process.env.DEFACEQA_BENCH_SCANS ?? 24);
  const folder = await mkdtemp(join(tmpdir(), 'study-bench-'));
  const pool = openPool({ size: cores });
  const start = performance.now();
  let headsEnd = start;
  try {
    await benchmarkStudy(
      {
        settings: benchmarkOfSize(1, scans),
        models: paperModelIds,
        labelled: null,
        softwareVersion: 'bench',
      },
      {
        pool,
        folder,
        report: (_done, _total, message) => {
          if (message === 'heads') headsEnd = performance.now();
        },
      },
    );
  } finally {
    await pool.close();
    await rm(folder, { recursive: true });
  }
  const heads = (headsEnd - start) / 1000;
  const learning = (performance.now() - headsEnd) / 1000;
  const whole = (heads / scans) * defaultBenchmark.scans;
  const minutes = (whole + (learning / scans) * defaultBenchmark.scans) / 60;
  print(
    `${String(scans)} scans with four defacings each: ${(heads / scans).toFixed(1)} s a head on ${String(cores)} threads, ${learning.toFixed(0)} s of learning`,
  );
  print(
    `${String(defaultBenchmark.scans)} scans ${scans === defaultBenchmark.scans ? 'took' : 'would take at most'} ${minutes.toFixed(1)} minutes (goal ${String(goalMinutes)}); largest memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
  );
  return minutes <= goalMinutes;
}
