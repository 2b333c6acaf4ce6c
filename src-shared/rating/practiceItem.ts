import { benchmarkScan } from '../benchmark/benchmarkScan.ts';
import { planBenchmark } from '../benchmark/benchmarkPlan.ts';
import { defaceBenchmark } from '../benchmark/benchmarkItem.ts';
import type { Failure, FailureKind } from '../benchmark/failures.ts';
import type { MechanismId } from '../benchmark/mechanisms.ts';
import { jointShare, regionState } from '../benchmark/regionTruth.ts';
import type { SkinRegion, LidRegion } from '../benchmark/skinSurface.ts';
import { seededRandom, shuffle } from '../stats/random.ts';
import type { Volume } from '../volume/volume.ts';
import type { Remain, Verdict } from './verdict.ts';

/** Raised when the same seed gives other heads. */
export const practiceVersion = 1;

export const practiceItems = 10;

/** What is known of one practice pair, from the label maps of the invented head. */
export interface PracticeTruth {
  readonly verdict: Verdict;
  readonly remains: readonly Remain[];
  readonly brainCut: boolean;
  readonly brainLossMl: number;
  readonly regions: readonly {
    readonly region: Remain;
    /** Surviving share of its skin, 0 to 1; of the eyes, the lids of the one that survives more. */
    readonly share: number;
    readonly state: 'gone' | 'trace' | 'present';
  }[];
}

/** Brain loss from which on it must be marked, ml: less can hardly be told from the views. */
const leastBrainMl = 1;

/** Ten ways a defacing can turn out, so that each verdict comes up. Doses are millimetres, or ml for the cut. */
const cases: readonly (readonly [mechanism: MechanismId, kind: FailureKind, dose: number, way?: string])[] = [
  ['template-mask', 'none', 0],
  ['face-and-ears', 'none', 0],
  ['face-and-ears', 'no-op', 0],
  ['template-mask', 'frontal-cut', 12],
  ['template-mask', 'eyes-kept', 14, 'both'],
  ['face-and-ears', 'eyes-kept', 5, 'left'],
  ['template-mask', 'nose-tip-kept', 4],
  ['face-and-ears', 'nose-tip-kept', 14],
  ['template-mask', 'lip-kept', 7, 'lower'],
  ['face-and-ears', 'side-kept', 6, 'left'],
];

/** Skin regions behind each tag; the forehead and the ears count for neither criterion. */
const partsOf: Readonly<Record<Remain, readonly (SkinRegion | LidRegion)[]>> = {
  eyes: ['leftLids', 'rightLids'],
  nose: ['nose'],
  mouth: ['mouth'],
  cheeks: ['leftCheek', 'rightCheek'],
  jaw: ['chinJaw'],
  forehead: ['forehead'],
  ears: ['leftEar', 'rightEar'],
};

/**
 * Practice pair `n` (1 to `practiceItems`) of a seed: an invented head, what a defacer left of it, and the truth by the rule
 * of the benchmark (gone below 1 %, present above 10 % of a region's skin). `coarser` multiplies the voxel size.
 */
export function practiceItem(
  seed: number,
  n: number,
  coarser = 1,
): { original: Volume; defaced: Volume; truth: PracticeTruth } {
  const settings = {
    seed,
    persons: practiceItems,
    scans: practiceItems,
    flair: 2,
    mostScansPerPerson: 1,
    coarser,
  };
  const plan = planBenchmark(settings);
  const order = shuffle(cases, seededRandom(seed, 'practice'));
  const [mechanism, kind, dose, way = ''] = order[n - 1];
  const failure: Failure = { kind, dose, unit: 'mm', way };
  const planned = plan.defacings.find((each) => each.scan === n - 1 && each.mechanism === mechanism);
  if (planned === undefined) throw new RangeError('There is no practice pair of this number.');
  const head = benchmarkScan(plan.scans[n - 1]);
  const { defaced, truth } = defaceBenchmark(plan, { ...planned, failure }, head);
  const regions = (Object.keys(partsOf) as Remain[]).map((region) => {
    const share =
      region === 'eyes'
        ? Math.max(truth.shares.leftLids ?? 0, truth.shares.rightLids ?? 0)
        : jointShare(head.surface, truth.shares, partsOf[region]);
    return { region, share, state: regionState(share) ?? 'gone' };
  });
  const left = regions.filter(({ region, share, state }) =>
    ['eyes', 'nose', 'mouth'].includes(region)
      ? state !== 'gone'
      : ['cheeks', 'jaw'].includes(region) && share >= 0.5,
  );
  return {
    original: head.volume,
    defaced,
    truth: {
      verdict: truth.verdict,
      remains: truth.verdict === 1 ? [] : left.map(({ region }) => region),
      brainCut: truth.brainLoss.ml >= leastBrainMl,
      brainLossMl: truth.brainLoss.ml,
      regions,
    },
  };
}
