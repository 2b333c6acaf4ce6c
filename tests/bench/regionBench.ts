import { readTemplate } from '../../src-main/files/readTemplate.ts';
import { benchmarkScan } from '../../src-shared/benchmark/benchmarkScan.ts';
import { defaceBenchmark } from '../../src-shared/benchmark/benchmarkItem.ts';
import { benchmarkOfSize, planBenchmark } from '../../src-shared/benchmark/benchmarkPlan.ts';
import { regionState } from '../../src-shared/benchmark/regionTruth.ts';
import { skinRegions, type SkinRegion } from '../../src-shared/benchmark/skinSurface.ts';
import { extractBrain } from '../../src-shared/brain/extractBrain.ts';
import { volumetricCounts } from '../../src-shared/features/volumetricCounts.ts';
import { faceFeatures } from '../../src-shared/regions/faceFeatures.ts';
import { faceRegions, stateOf, type RegionState } from '../../src-shared/regions/faceRegion.ts';
import { faceSurface } from '../../src-shared/regions/faceSurface.ts';
import { faceSurvival } from '../../src-shared/regions/faceSurvival.ts';
import { regionVerdict } from '../../src-shared/regions/regionVerdict.ts';
import { registerToTemplate } from '../../src-shared/registration/registerToTemplate.ts';
import { findHead } from '../../src-shared/views/findHead.ts';
import { voxelMl } from '../../src-shared/volume/volume.ts';

const states: readonly RegionState[] = ['gone', 'trace', 'present'];
const goals = { macroF1: 0.85, brainSensitivity: 0.95 };
/** Brain loss that must be found, ml. */
const findableMl = 1;

interface Tally {
  /** Truth by row, measured by column, in the order of `states`. */
  readonly confusion: number[][];
  notJudged: number;
  notInTruth: number;
  lossFound: number;
  lossMissed: number;
  lossFalse: number;
  noLoss: number;
  /** With the true mask given as someone's own. */
  ownFound: number;
  readonly verdicts: number[][];
}
const tally = (): Tally => ({
  confusion: states.map(() => [0, 0, 0]),
  notJudged: 0,
  notInTruth: 0,
  lossFound: 0,
  lossMissed: 0,
  lossFalse: 0,
  noLoss: 0,
  ownFound: 0,
  verdicts: [0, 1, 2].map(() => [0, 0, 0, 0]),
});

/**
 * Region states (gone, trace, present), brain loss and rule-based verdicts against the truth of benchmark items, T1w and
 * FLAIR apart. `DEFACEQA_BENCH_SCANS` sets how many scans (4 defacings each; 24 by default). False where a goal is missed.
 */
export async function regionBench(print: (line: string) => void = console.log): Promise<boolean> {
  const scans = Number(process.env.DEFACEQA_BENCH_SCANS ?? 24);
  const plan = planBenchmark(benchmarkOfSize(11, scans));
  const template = await readTemplate();
  const tallies: Record<string, Tally> = { T1w: tally(), FLAIR: tally() };
  const byRegion = Object.fromEntries(skinRegions.map((region) => [region, tally()]));
  const reasons = new Map<string, number>();
  const milliseconds = { surface: 0, survival: 0, items: 0 };
  for (const scan of plan.scans) {
    const head = benchmarkScan(scan);
    const level = findHead(head.volume);
    const registration = registerToTemplate(head.volume, template);
    const { mask: brain } = extractBrain(head.volume, { template, registration, head: level });
    const start = performance.now();
    const surface = faceSurface({ scan: head.volume, level, registration, template });
    milliseconds.surface += performance.now() - start;
    const mine = tallies[scan.contrast];
    for (const defacing of plan.defacings.filter((one) => one.scan === scan.index)) {
      const { defaced, truth } = defaceBenchmark(plan, defacing, head);
      if (truth.otherPerson) continue;
      const from = performance.now();
      const survival = faceSurvival({ surface, original: head.volume, defaced, level });
      milliseconds.survival += performance.now() - from;
      milliseconds.items++;
      faceRegions.forEach((region, n) => {
        const name: SkinRegion = skinRegions[n];
        const expected = regionState(truth.shares[name]);
        const found = survival.regions[region];
        for (const to of [mine, byRegion[name]]) {
          if (expected === null) to.notInTruth += found.surviving === null ? 0 : 1;
          else if (found.surviving === null) {
            to.notJudged++;
            reasons.set(`${region}: ${found.reason}`, (reasons.get(`${region}: ${found.reason}`) ?? 0) + 0.5);
          } else to.confusion[states.indexOf(expected)][states.indexOf(stateOf(found.surviving))]++;
        }
      });
      const { brainRemoved } = volumetricCounts({ original: head.volume, defaced, brain });
      const lossMl = brainRemoved * voxelMl(head.volume);
      const own = volumetricCounts({ original: head.volume, defaced, brain: head.brain });
      if (truth.brainLoss.ml >= findableMl) {
        mine[lossMl >= findableMl ? 'lossFound' : 'lossMissed']++;
        if (own.brainRemoved * voxelMl(head.volume) >= findableMl) mine.ownFound++;
      } else mine[lossMl >= findableMl ? 'lossFalse' : 'noLoss']++;
      if (truth.brainLoss.ml >= findableMl && lossMl < findableMl)
        print(
          `  brain loss missed: ${defacing.id}, ${truth.brainLoss.ml.toFixed(1)} ml true, ${lossMl.toFixed(1)} found`,
        );
      const { verdict } = regionVerdict(faceFeatures(surface, survival.fates));
      mine.verdicts[truth.verdict - 1][verdict === null ? 3 : verdict - 1]++;
    }
  }
  let reached = true;
  for (const [contrast, one] of Object.entries(tallies)) {
    print(`\n${contrast}: region states, truth by row, measured by column (${states.join(', ')})`);
    printConfusion(one, print);
    const f1 = macroF1(one.confusion);
    const sensitivity = one.lossFound / Math.max(1, one.lossFound + one.lossMissed);
    print(
      `macro F1 ${f1.toFixed(3)} (goal ${goals.macroF1}); not judged ${one.notJudged}, judged where the truth sees nothing ${one.notInTruth}`,
    );
    print(
      `brain loss of ${findableMl} ml or more: found ${one.lossFound} of ${one.lossFound + one.lossMissed} (${sensitivity.toFixed(3)}, goal ${goals.brainSensitivity}) with the built-in mask, ${one.ownFound} with the true one; said of ${one.lossFalse} of ${one.lossFalse + one.noLoss} without`,
    );
    print(
      `verdicts by regions (1, 2, 3, none) for true 1 | 2 | 3: ${one.verdicts.map((row) => row.join(' ')).join(' | ')}`,
    );
    if (f1 < goals.macroF1 || (one.lossFound + one.lossMissed > 0 && sensitivity < goals.brainSensitivity))
      reached = false;
  }
  print('\nby region (truth gone: gone trace present | trace: … | present: …), macro F1');
  for (const [region, one] of Object.entries(byRegion))
    print(
      `${region.padEnd(11)} ${one.confusion
        .map((row) => row.join(' '))
        .join(' | ')
        .padEnd(34)} ${macroF1(one.confusion).toFixed(3)}  not judged ${one.notJudged}`,
    );
  print(
    `\nsurface ${(milliseconds.surface / plan.scans.length).toFixed(0)} ms a scan, survival ${(milliseconds.survival / milliseconds.items).toFixed(0)} ms a defacing`,
  );
  return reached;
}

function printConfusion({ confusion }: Tally, print: (line: string) => void): void {
  confusion.forEach((row, n) => {
    print(`${states[n].padEnd(8)} ${row.map((count) => String(count).padStart(6)).join('')}`);
  });
}

/** Mean over the states that occur of 2 TP / (2 TP + FP + FN). */
function macroF1(confusion: readonly (readonly number[])[]): number {
  const scores: number[] = [];
  for (let state = 0; state < confusion.length; state++) {
    const hit = confusion[state][state];
    const row = confusion[state].reduce((sum, n) => sum + n, 0);
    const column = confusion.reduce((sum, one) => sum + one[state], 0);
    if (row > 0) scores.push((2 * hit) / (row + column));
  }
  return scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
}
