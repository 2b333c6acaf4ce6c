import { expect, it } from 'vitest';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { defaceBenchmark } from '../../../src-shared/benchmark/benchmarkItem.ts';
import { benchmarkOfSize, planBenchmark } from '../../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkScan } from '../../../src-shared/benchmark/benchmarkScan.ts';
import { regionState } from '../../../src-shared/benchmark/regionTruth.ts';
import { skinRegions } from '../../../src-shared/benchmark/skinSurface.ts';
import { faceRegions, stateOf } from '../../../src-shared/regions/faceRegion.ts';
import { faceSurface } from '../../../src-shared/regions/faceSurface.ts';
import { faceSurvival } from '../../../src-shared/regions/faceSurvival.ts';
import { registerToTemplate } from '../../../src-shared/registration/registerToTemplate.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';

it('regions are gone, a trace or present as the truth of drawn heads has it, in nine of ten, and hardly ever the opposite', async () => {
  const plan = planBenchmark(benchmarkOfSize(3, 4, 1.4));
  const template = await readTemplate();
  let [right, opposite, all] = [0, 0, 0];
  for (const scan of plan.scans) {
    const head = benchmarkScan(scan);
    const level = findHead(head.volume);
    const registration = registerToTemplate(head.volume, template);
    const surface = faceSurface({ scan: head.volume, level, registration, template });
    for (const defacing of plan.defacings.filter((one) => one.scan === scan.index)) {
      const { defaced, truth } = defaceBenchmark(plan, defacing, head);
      if (truth.otherPerson) continue;
      const { regions } = faceSurvival({ surface, original: head.volume, defaced, level });
      faceRegions.forEach((region, n) => {
        const expected = regionState(truth.shares[skinRegions[n]]);
        const { surviving } = regions[region];
        if (expected === null || surviving === null) return;
        const found = stateOf(surviving);
        all++;
        if (found === expected) right++;
        else if (found !== 'trace' && expected !== 'trace') opposite++;
      });
    }
  }
  expect(all).toBeGreaterThan(80);
  expect(right / all).toBeGreaterThan(0.9);
  expect(opposite / all).toBeLessThan(0.02);
});
