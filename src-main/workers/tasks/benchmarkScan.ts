import { defaceBenchmark } from '../../../src-shared/benchmark/benchmarkItem.ts';
import { planBenchmark, type BenchmarkSettings } from '../../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkScan as makeScan } from '../../../src-shared/benchmark/benchmarkScan.ts';
import type { MeasuredItem, MeasuredScan } from '../../../src-shared/benchmark/measuredItem.ts';
import { dice } from '../../../src-shared/volume/dice.ts';
import { measureDefacing, prepareOriginal } from '../preparedOriginal.ts';

/**
 * One head of the benchmark with all its defacings: made, measured and forgotten, so memory holds one head a thread.
 * `withViews` false leaves out what rests on views, which takes most of the time.
 */
export async function benchmarkScan({
  settings,
  scan,
  withViews,
}: {
  settings: BenchmarkSettings;
  scan: number;
  withViews: boolean;
}): Promise<MeasuredScan> {
  const start = performance.now();
  const plan = planBenchmark(settings);
  const head = makeScan(plan.scans[scan]);
  const original = await prepareOriginal(head.volume, { withViews });
  const items = plan.defacings
    .filter((defacing) => defacing.scan === scan)
    .map((defacing): MeasuredItem => {
      const { defaced, truth } = defaceBenchmark(plan, defacing, head);
      return { index: defacing.index, features: measureDefacing(original, defaced), truth };
    });
  const { mask, plausible, ml } = original.brain;
  return {
    scan,
    items,
    quality: {
      registered: original.registration.verdict === 'good',
      brainPlausible: plausible,
      brainMl: ml,
      brainDice: mask === null ? null : dice(mask.bits, head.brain.bits),
    },
    durationMs: performance.now() - start,
  };
}
