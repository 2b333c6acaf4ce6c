import { brainTissueLabels, phantomLabels } from '../phantom/labels.ts';
import { phantomHead, type PhantomHead } from '../phantom/phantomHead.ts';
import { phantomPerson } from '../phantom/person.ts';
import type { Verdict } from '../rating/verdict.ts';
import { seededRandom } from '../stats/random.ts';
import { invert, multiply } from '../volume/affine.ts';
import { smooth } from '../volume/gaussian.ts';
import { extremes } from '../volume/otsu.ts';
import { voxelMl, type Mask, type Volume } from '../volume/volume.ts';
import {
  planBenchmark,
  type BenchmarkDefacing,
  type BenchmarkPlan,
  type BenchmarkScan,
  type BenchmarkSettings,
} from './benchmarkPlan.ts';
import { benchmarkScan, type BenchmarkHead } from './benchmarkScan.ts';
import { failedZone } from './failures.ts';
import { mechanisms, trueBrain, type Zone } from './mechanisms.ts';
import { faceTruth, ruleVerdict, type FaceTruth } from './regionTruth.ts';
import { skinSurfaceOf } from './skinSurface.ts';

/** Brain that was removed, from the labels: grey and white matter and what they enclose, in ml. */
export interface BrainLossTruth {
  readonly ml: number;
  readonly frontalMl: number;
  readonly temporalMl: number;
  readonly elsewhereMl: number;
}

export interface ItemTruth extends FaceTruth {
  /** The output shows another person: insufficient, whatever is left of that face. */
  readonly otherPerson: boolean;
  readonly brainLoss: BrainLossTruth;
  /** By the default cut points. */
  readonly verdict: Verdict;
}

export interface BenchmarkItem {
  readonly scan: BenchmarkScan;
  readonly defacing: BenchmarkDefacing;
  readonly head: BenchmarkHead;
  /** As the output would be read: on the grid of the scan. */
  readonly defaced: Volume;
  /** What the mechanism took away of the scan; all empty where the output is another person's. */
  readonly removal: Mask;
  readonly truth: ItemTruth;
}

/**
 * One defacing of the benchmark with its truth, from settings and index alone (index = 4 x scan + mechanism). To make all
 * four of a scan, make its head once with `benchmarkScan` and call `defaceBenchmark`.
 */
export function benchmarkItem(settings: BenchmarkSettings, index: number): BenchmarkItem {
  const plan = planBenchmark(settings);
  const defacing = plan.defacings[index];
  const scan = plan.scans[defacing.scan];
  const head = benchmarkScan(scan);
  return { scan, defacing, head, ...defaceBenchmark(plan, defacing, head) };
}

/** What a mechanism with its failure makes of a scan, and the truth about it. */
export function defaceBenchmark(
  plan: BenchmarkPlan,
  defacing: BenchmarkDefacing,
  head: BenchmarkHead,
): Pick<BenchmarkItem, 'defaced' | 'removal' | 'truth'> {
  const { failure } = defacing;
  if (failure.kind === 'other-person') return otherPersonsOutput(plan, defacing, head);
  const removes = removalZone(defacing, head);
  const removal = removalMask(head, removes);
  const defaced = degraded(emptied(head.volume, removal, 0), removal, defacing);
  return { defaced, removal, truth: truthOf(head, removal, false) };
}

/** The zone of a defacing, its failure included. */
export function removalZone(defacing: BenchmarkDefacing, head: BenchmarkHead): Zone {
  const { failure, mechanism, seed } = defacing;
  const seat = mechanisms[mechanism].zone(head, seededRandom(seed, 'seat'));
  const zone = failedZone(seat, failure, head.person);
  if (failure.kind === 'tight') return tightened(zone, head, failure.dose);
  if (failure.kind === 'frontal-cut') return withFrontalCut(zone, head, failure.dose);
  return zone;
}

const verdictOf = (head: BenchmarkHead, zone: Zone): Verdict =>
  ruleVerdict(faceTruth(head.surface, (_n, x, y, z) => zone(x, y, z) <= 0));

/** The smallest zone of its kind that still passes strict, to within `spareMm`; the zone itself where it does not pass. */
function tightened(zone: Zone, head: BenchmarkHead, spareMm: number): Zone {
  const by =
    (mm: number): Zone =>
    (x, y, z) =>
      zone(x, y, z) - mm;
  const right = (mm: number): boolean => verdictOf(head, by(mm)) === 1;
  // A zone that fails as it sits is grown until it passes.
  let passes = 0;
  while (!right(passes)) {
    passes -= 2;
    if (passes < -16) return zone;
  }
  let fails = passes + 2;
  while (fails < 40 && right(fails)) {
    passes = fails;
    fails += 2;
  }
  for (let step = 0; step < 6; step++) {
    const middle = (passes + fails) / 2;
    if (right(middle)) passes = middle;
    else fails = middle;
  }
  return by(passes - spareMm);
}

/** The zone together with everything in front of an oblique plane that takes `ml` of grey and white matter. */
function withFrontalCut(zone: Zone, head: BenchmarkHead, ml: number): Zone {
  const [dy, dz] = [0.86, -0.51];
  const { labels, shape, affine } = head.labels;
  const m = multiply(invert(head.position), affine);
  const [nx, ny, nz] = shape;
  const along: number[] = [];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (!brainTissueLabels.includes(labels[n] as 16)) continue;
        const y = m[4] * i + m[5] * j + m[6] * k + m[7];
        if (y > 20) along.push(dy * y + dz * (m[8] * i + m[9] * j + m[10] * k + m[11]));
      }
    }
  }
  const sorted = Float64Array.from(along).sort();
  const taken = Math.min(sorted.length - 1, Math.round(ml / voxelMl(head.labels)));
  if (taken < 1) return zone;
  const offset = sorted[sorted.length - 1 - taken];
  return (x, y, z) => Math.max(zone(x, y, z), y > 20 ? dy * y + dz * z - offset : -1);
}

function removalMask({ volume, position }: PhantomHead, zone: Zone): Mask {
  const { shape, affine } = volume;
  const [nx, ny, nz] = shape;
  const m = multiply(invert(position), affine);
  const bits = new Uint8Array(nx * ny * nz);
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const x0 = m[1] * j + m[2] * k + m[3];
      const y0 = m[5] * j + m[6] * k + m[7];
      const z0 = m[9] * j + m[10] * k + m[11];
      for (let i = 0; i < nx; i++, n++) {
        if (zone(x0 + m[0] * i, y0 + m[4] * i, z0 + m[8] * i) > 0) bits[n] = 1;
      }
    }
  }
  return { shape, affine, bits };
}

function emptied(volume: Volume, { bits }: Mask, value: number): Volume {
  const values = volume.values.slice();
  for (let n = 0; n < bits.length; n++) if (bits[n] !== 0) values[n] = value;
  return { ...volume, values };
}

/** Drift, background and blur: what a tool may do to an image beside removing the face. */
function degraded(defaced: Volume, removal: Mask, { failure, seed }: BenchmarkDefacing): Volume {
  const { kind, dose } = failure;
  const { values } = defaced;
  const { bits } = removal;
  if (kind === 'intensity-drift') {
    const drifted = values.map((value) => Math.round(value * dose));
    return { ...defaced, values: drifted };
  }
  if (kind === 'background') {
    const random = seededRandom(seed, 'background');
    const level = dose * extremes(values)[1];
    const filled = values.slice();
    for (let n = 0; n < bits.length; n++) {
      if (bits[n] !== 0) filled[n] = Math.round(level * random.uniform(0.7, 1.3));
    }
    return { ...defaced, values: filled };
  }
  if (kind === 'blur') {
    const soft = smooth(defaced, { sigmaMm: dose }).values;
    const blurred = soft.map((value, n) => (bits[n] === 0 ? Math.round(value) : 0));
    return { ...defaced, values: blurred };
  }
  return defaced;
}

/** The truth of a removal: which skin and how much brain is gone. `shown` is the head that the output shows. */
function truthOf(shown: BenchmarkHead, removal: Mask, otherPerson: boolean): ItemTruth {
  const { bits } = removal;
  const face = faceTruth(shown.surface, (voxel) => bits[voxel] === 0);
  return {
    ...face,
    otherPerson,
    brainLoss: brainLossOf(shown, bits),
    verdict: otherPerson ? 3 : ruleVerdict(face),
  };
}

function brainLossOf({ labels: volume, position, brain }: BenchmarkHead, bits: Uint8Array): BrainLossTruth {
  const { labels, shape, affine } = volume;
  const [nx, ny, nz] = shape;
  const m = multiply(invert(position), affine);
  let [frontal, temporal, elsewhere] = [0, 0, 0];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (bits[n] === 0 || brain.bits[n] === 0) continue;
        const label = labels[n];
        if (
          label !== phantomLabels.grey &&
          label !== phantomLabels.white &&
          label !== phantomLabels.ventricles
        )
          continue;
        const x = m[0] * i + m[1] * j + m[2] * k + m[3];
        const y = m[4] * i + m[5] * j + m[6] * k + m[7];
        const z = m[8] * i + m[9] * j + m[10] * k + m[11];
        if (z < 28 && Math.abs(x) > 20 && y < 45) temporal++;
        else if (y > 20) frontal++;
        else elsewhere++;
      }
    }
  }
  const ml = voxelMl(volume);
  return {
    ml: (frontal + temporal + elsewhere) * ml,
    frontalMl: frontal * ml,
    temporalMl: temporal * ml,
    elsewhereMl: elsewhere * ml,
  };
}

/** Files swapped: the output of another person, cut or padded to this scan's grid, its face removed or not. */
function otherPersonsOutput(
  plan: BenchmarkPlan,
  defacing: BenchmarkDefacing,
  head: BenchmarkHead,
): Pick<BenchmarkItem, 'defaced' | 'removal' | 'truth'> {
  const scan = plan.scans[defacing.scan];
  const { shape, affine } = head.volume;
  const stranger = phantomHead({
    ...scan.options,
    seed: defacing.seed,
    person: phantomPerson(defacing.seed),
    positionMm: [head.position[3], head.position[7], head.position[11]],
  });
  const volume: Volume = { shape, affine, values: new Float32Array(head.volume.values.length) };
  const labels = { shape, affine, labels: new Uint8Array(head.volume.values.length) };
  const [nx, ny, nz] = shape;
  const [ox, oy, oz] = stranger.volume.shape;
  for (let k = 0; k < Math.min(nz, oz); k++) {
    for (let j = 0; j < Math.min(ny, oy); j++) {
      const to = nx * (j + ny * k);
      const from = ox * (j + oy * k);
      const count = Math.min(nx, ox);
      volume.values.set(stranger.volume.values.subarray(from, from + count), to);
      labels.labels.set(stranger.labels.labels.subarray(from, from + count), to);
    }
  }
  // The grids differ by where they begin: the other head lies where its own grid put it.
  const back = multiply(affine, invert(stranger.volume.affine));
  const position = multiply(back, stranger.position) as PhantomHead['position'];
  const bare: PhantomHead = { ...stranger, volume, labels, position };
  const shown: BenchmarkHead = { ...bare, brain: trueBrain(bare), surface: skinSurfaceOf(bare) };
  const seat = mechanisms[defacing.mechanism].zone(shown, seededRandom(defacing.seed, 'seat'));
  const zone: Zone = defacing.failure.way === 'untouched' ? () => -1 : seat;
  const removal = removalMask(shown, zone);
  const defaced = emptied(volume, removal, 0);
  const none: Mask = { shape, affine, bits: new Uint8Array(removal.bits.length) };
  const brainLoss = { ml: 0, frontalMl: 0, temporalMl: 0, elsewhereMl: 0 };
  return { defaced, removal: none, truth: { ...truthOf(shown, removal, true), brainLoss } };
}
