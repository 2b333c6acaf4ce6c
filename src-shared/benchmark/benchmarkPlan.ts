import type { PhantomContrast } from '../phantom/labels.ts';
import { phantomPerson, type PhantomPerson } from '../phantom/person.ts';
import type { PhantomHeadOptions } from '../phantom/phantomHead.ts';
import { seededRandom, shuffle, type SeededRandom } from '../stats/random.ts';
import { drawFailure, type Failure } from './failures.ts';
import { mechanismIds, type MechanismId } from './mechanisms.ts';

/** Raised when the same seed gives another study. */
export const benchmarkVersion = 1;

export interface BenchmarkSettings {
  readonly seed: number;
  /** People, 1 or more, at most as many as scans. */
  readonly persons: number;
  readonly scans: number;
  /** How many of the scans are FLAIR; the others are T1w. */
  readonly flair: number;
  readonly mostScansPerPerson: number;
  /** Multiplies every voxel size: above 1 for quick studies. */
  readonly coarser: number;
}

/** As many people and scans as the paper has. */
export const defaultBenchmark: BenchmarkSettings = {
  seed: 1,
  persons: 91,
  scans: 200,
  flair: 139,
  mostScansPerPerson: 7,
  coarser: 1,
};

/** Fewer people than this cannot be dealt out into folds. */
const fewestPersons = 8;

/** The settings for another number of scans, people and contrasts in proportion, but at least 8 people where there are scans. */
export function benchmarkOfSize(seed: number, scans: number, coarser = 1): BenchmarkSettings {
  const share = scans / defaultBenchmark.scans;
  return {
    ...defaultBenchmark,
    seed,
    scans,
    persons: Math.max(Math.min(scans, fewestPersons), Math.round(defaultBenchmark.persons * share)),
    flair: Math.round(defaultBenchmark.flair * share),
    coarser,
  };
}

/** What makes a scan hard or easy, whatever is done to it. */
export const scanVariants = ['plain', 'cropped', 'large-ventricles', 'lesions', 'motion'] as const;
export type ScanVariant = (typeof scanVariants)[number];

export interface BenchmarkScan {
  readonly index: number;
  /** 'person-007'. */
  readonly person: string;
  /** 'person-007_scan-2'. */
  readonly id: string;
  readonly contrast: PhantomContrast;
  readonly variant: ScanVariant;
  /** For `phantomHead`; lesions and motion are added afterwards. */
  readonly options: PhantomHeadOptions;
  /** Share of the fat signal that a ghost has; 0 without motion. */
  readonly ghost: number;
  readonly lesions: number;
}

export interface BenchmarkDefacing {
  readonly index: number;
  /** 'person-007_scan-2_template-mask'. */
  readonly id: string;
  readonly scan: number;
  readonly mechanism: MechanismId;
  readonly failure: Failure;
  readonly seed: number;
}

export interface BenchmarkPlan {
  readonly settings: BenchmarkSettings;
  readonly scans: readonly BenchmarkScan[];
  /** Every mechanism on every scan; index = 4 x scan + mechanism. */
  readonly defacings: readonly BenchmarkDefacing[];
}

/** The whole study as plain data; the same settings give the same plan. Throws RangeError for sizes that cannot be. */
export function planBenchmark(settings: BenchmarkSettings): BenchmarkPlan {
  const { seed, persons, scans, flair, mostScansPerPerson } = settings;
  if (
    !(Number.isInteger(persons) && persons >= 1 && Number.isInteger(scans) && scans >= persons) ||
    scans > persons * mostScansPerPerson ||
    !(Number.isInteger(flair) && flair >= 0 && flair <= scans)
  ) {
    throw new RangeError('persons <= scans <= persons x mostScansPerPerson and 0 <= flair <= scans.');
  }
  const random = seededRandom(seed, 'benchmark');
  const people = Array.from({ length: persons }, () => random.nextUint32());
  const contrasts = shuffle(
    Array.from({ length: scans }, (_, n): PhantomContrast => (n < flair ? 'FLAIR' : 'T1w')),
    random,
  );
  const planned: BenchmarkScan[] = [];
  const counts = scansPerPerson(settings, random);
  for (const [p, count] of counts.entries()) {
    const person = `person-${String(p + 1).padStart(3, '0')}`;
    for (let n = 1; n <= count; n++) {
      const index = planned.length;
      const id = `${person}_scan-${String(n)}`;
      planned.push(
        drawScan({ index, person, id, contrast: contrasts[index] }, people[p], settings.coarser, random),
      );
    }
  }
  const defacings = planned.flatMap((scan) =>
    mechanismIds.map((mechanism, m): BenchmarkDefacing => {
      const own = random.nextUint32();
      return {
        index: 4 * scan.index + m,
        id: `${scan.id}_${mechanism}`,
        scan: scan.index,
        mechanism,
        failure: drawFailure(mechanism, seededRandom(own, 'failure')),
        seed: own,
      };
    }),
  );
  return { settings, scans: planned, defacings };
}

/** One scan for everybody, then further ones to people drawn at random who may have another. */
function scansPerPerson(
  { persons, scans, mostScansPerPerson }: BenchmarkSettings,
  random: SeededRandom,
): number[] {
  const counts = new Array<number>(persons).fill(1);
  for (let left = scans - persons; left > 0;) {
    const p = random.integer(persons);
    if (counts[p] >= mostScansPerPerson) continue;
    counts[p]++;
    left--;
  }
  return counts;
}

/** How common each variant is; the rest is plain. */
const variantShares: readonly (readonly [ScanVariant, number])[] = [
  ['cropped', 0.14],
  ['large-ventricles', 0.1],
  ['lesions', 0.1],
  ['motion', 0.08],
];

function drawScan(
  named: Pick<BenchmarkScan, 'index' | 'person' | 'id' | 'contrast'>,
  personSeed: number,
  coarser: number,
  random: SeededRandom,
): BenchmarkScan {
  let at = random.next();
  const variant = variantShares.find(([, share]) => (at -= share) < 0)?.[0] ?? 'plain';
  const anatomy = phantomPerson(personSeed);
  const person: PhantomPerson =
    variant === 'large-ventricles' ? { ...anatomy, ventricleScale: random.uniform(1.5, 2.1) } : anatomy;
  const sizes = (
    named.contrast === 'T1w'
      ? [[1.4, 1.4, 1.4], [1.6, 1.6, 1.6], [1.2, 1.6, 1.6]]
      : [[1.4, 1.4, 1.4], [1.6, 1.6, 1.6], [1.2, 1.2, 2.5]]
  )[random.integer(3)]; // prettier-ignore
  const cut =
    variant === 'cropped' ? (['front', 'bottom', 'left', 'right', 'top'] as const)[random.integer(5)] : null;
  // From the upper neck to the lips: where the lower edge of a head scan usually lies.
  const bottom = random.uniform(15, 82);
  // Measured from 10 mm of air, or from the lower edge of the neck: through the nose, the mouth, an ear, the vertex.
  const crop = {
    bottom: cut === 'bottom' ? random.uniform(85, 110) : bottom,
    front: cut === 'front' ? random.uniform(10, 24) : random.uniform(0, 9),
    left: cut === 'left' ? random.uniform(14, 34) : 0,
    right: cut === 'right' ? random.uniform(14, 34) : 0,
    top: cut === 'top' ? random.uniform(15, 35) : 0,
  };
  return {
    ...named,
    variant,
    options: {
      seed: random.nextUint32(),
      person,
      contrast: named.contrast,
      spacingMm: [sizes[0] * coarser, sizes[1] * coarser, sizes[2] * coarser],
      noise: random.uniform(0.004, 0.014),
      bias: random.uniform(0.05, 0.35),
      crop,
    },
    ghost: variant === 'motion' ? random.uniform(0.02, 0.07) : 0,
    lesions: variant === 'lesions' ? 6 + random.integer(20) : 0,
  };
}
