import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { benchmarkItem, defaceBenchmark, removalZone } from '../../../src-shared/benchmark/benchmarkItem.ts';
import {
  benchmarkOfSize,
  defaultBenchmark,
  planBenchmark,
  type BenchmarkDefacing,
} from '../../../src-shared/benchmark/benchmarkPlan.ts';
import { benchmarkScan, type BenchmarkHead } from '../../../src-shared/benchmark/benchmarkScan.ts';
import { drawFailure, failureKinds, type Failure } from '../../../src-shared/benchmark/failures.ts';
import { mechanismIds, type MechanismId } from '../../../src-shared/benchmark/mechanisms.ts';
import {
  defaultCutPoints,
  faceTruth,
  regionState,
  ruleVerdict,
  type RegionShares,
} from '../../../src-shared/benchmark/regionTruth.ts';
import { phantomLabels } from '../../../src-shared/phantom/labels.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';

const hash = (values: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

const settings = { ...benchmarkOfSize(3, 6), coarser: 2 };
const plan = planBenchmark(settings);
const plain =
  plan.scans.find(({ variant, contrast }) => variant === 'plain' && contrast === 'FLAIR') ?? plan.scans[0];

function made(mechanism: MechanismId, failure: Failure, head: BenchmarkHead) {
  const line = plan.defacings[4 * plain.index + mechanismIds.indexOf(mechanism)];
  const defacing: BenchmarkDefacing = { ...line, failure };
  return { defacing, ...defaceBenchmark(plan, defacing, head) };
}
const as = (kind: Failure['kind'], dose = 0, way = ''): Failure => ({ kind, dose, way, unit: '' });

describe('the plan of the benchmark', () => {
  const whole = planBenchmark(defaultBenchmark);

  it("has the paper's size: 91 people, 200 scans, 139 FLAIR and 61 T1w, up to 7 scans of a person", () => {
    expect(whole.scans).toHaveLength(200);
    expect(whole.defacings).toHaveLength(800);
    expect(new Set(whole.scans.map(({ person }) => person)).size).toBe(91);
    expect(whole.scans.filter(({ contrast }) => contrast === 'FLAIR')).toHaveLength(139);
    const counts = new Map<string, number>();
    for (const { person } of whole.scans) counts.set(person, (counts.get(person) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(7);
  });

  it('draws every failure, and is the same for the same seed alone', () => {
    expect(new Set(whole.defacings.map(({ failure }) => failure.kind))).toEqual(new Set(failureKinds));
    expect(planBenchmark(defaultBenchmark)).toEqual(whole);
    expect(planBenchmark({ ...defaultBenchmark, seed: 2 })).not.toEqual(whole);
  });

  it('keeps doses in their ranges', () => {
    const random = seededRandom(1, 'doses');
    for (let n = 0; n < 2000; n++) {
      const { kind, dose } = drawFailure('template-mask', random);
      if (kind === 'shift') expect(dose >= 3 && dose <= 25).toBe(true);
      if (kind === 'tilt') expect(dose >= 5 && dose <= 25).toBe(true);
      if (kind === 'frontal-cut') expect(dose >= 0.5 && dose <= 50).toBe(true);
    }
  });

  it('refuses sizes that cannot be', () => {
    expect(() => planBenchmark({ ...defaultBenchmark, persons: 10, scans: 200 })).toThrow(RangeError);
    expect(() => planBenchmark({ ...defaultBenchmark, flair: 201 })).toThrow(RangeError);
  });
});

describe('the truth of a defacing', () => {
  let head: BenchmarkHead;
  beforeAll(() => {
    head = benchmarkScan(plain);
  });

  it('says the nose is gone and all else there when just the nose was taken away', () => {
    const { labels } = head.labels;
    const { shares } = faceTruth(head.surface, (voxel) => labels[voxel] !== phantomLabels.nose);
    expect(shares.nose).toBe(0);
    for (const region of ['leftEye', 'rightEye', 'leftLids', 'mouth', 'chinJaw', 'forehead'] as const)
      expect(shares[region]).toBe(1);
  });

  it('says half of a region is left when its left half was taken away', () => {
    const { shares } = faceTruth(head.surface, (_voxel, x) => x > 0);
    expect(shares.leftCheek).toBe(0);
    expect(shares.rightCheek).toBe(1);
    expect(shares.mouth).toBeGreaterThan(0.4);
    expect(shares.mouth).toBeLessThan(0.6);
  });

  it('finds everything left of an output that removed nothing, and calls it insufficient', () => {
    const { truth, defaced } = made('template-mask', as('no-op'), head);
    expect(Object.values(truth.shares).every((share) => share === 1)).toBe(true);
    expect(truth.verdict).toBe(3);
    expect(hash(defaced.values)).toBe(hash(head.volume.values));
  });

  it.each(mechanismIds)('calls the tight but right %s adequate under both criteria', (mechanism) => {
    const { truth, removal } = made(mechanism, as('tight', 1), head);
    expect(truth.verdict).toBe(1);
    const usual = made(mechanism, as('none'), head);
    const count = (bits: Uint8Array): number => bits.reduce((sum, bit) => sum + bit, 0);
    if (usual.truth.verdict === 1) expect(count(removal.bits)).toBeLessThan(count(usual.removal.bits));
  });

  it('agrees with itself: the share by voxels is the share by points', () => {
    const { truth, defacing } = made('face-and-ears', as('shift', 9, 'down'), head);
    const zone = removalZone(defacing, head);
    const { shares } = faceTruth(head.surface, (_voxel, x, y, z) => zone(x, y, z) <= 0);
    for (const [region, share] of Object.entries(truth.shares))
      expect(share).toBeCloseTo(shares[region as keyof RegionShares] ?? NaN, 2);
  });

  it('sees lids where eyes were kept, the nose where its tip was, lips where they were', () => {
    expect(made('template-mask', as('eyes-kept', 18, 'both'), head).truth.shares.leftLids).toBeGreaterThan(
      0.5,
    );
    expect(made('template-mask', as('eyes-kept', 18, 'left'), head).truth.shares.rightLids).toBeLessThan(0.1);
    expect(made('template-mask', as('nose-tip-kept', 12), head).truth.shares.nose).toBeGreaterThan(0.1);
    expect(made('template-mask', as('lip-kept', 22, 'both'), head).truth.shares.mouth).toBeGreaterThan(0.1);
    expect(made('template-mask', as('side-kept', 5, 'right'), head).truth.shares.rightCheek).toBeGreaterThan(
      0.9,
    );
  });

  it('leaves more of the face the further a mask is moved down', () => {
    const left = [0, 6, 12, 18, 24].map(
      (dose) => made('template-mask', as('shift', dose, 'down'), head).truth.shares.leftLids ?? NaN,
    );
    for (const [n, share] of left.slice(1).entries()) expect(share).toBeGreaterThanOrEqual(left[n]);
    expect(left[4]).toBeGreaterThan(0.6);
  });

  it.each([1, 10, 40])('takes %i ml of the frontal lobe when told to, and leaves the verdict alone', (ml) => {
    const { truth } = made('template-mask', as('frontal-cut', ml), head);
    const before = made('template-mask', as('none'), head).truth;
    // What the mask takes anyway may lie behind the same plane.
    expect(truth.brainLoss.ml).toBeGreaterThan(0.95 * ml);
    expect(truth.brainLoss.ml).toBeLessThan(1.05 * ml + before.brainLoss.ml + 0.1);
    expect(truth.brainLoss.frontalMl).toBeGreaterThan(0.8 * ml);
    expect(truth.verdict).toBeLessThanOrEqual(before.verdict);
  });

  it('is not moved by drift, background and blur, which leave the face as gone as it was', () => {
    const usual = made('face-and-ears', as('none'), head);
    for (const failure of [as('intensity-drift', 1.3), as('background', 0.06), as('blur', 1.2)]) {
      const degraded = made('face-and-ears', failure, head);
      expect(degraded.truth).toEqual(usual.truth);
      expect(hash(degraded.defaced.values)).not.toBe(hash(usual.defaced.values));
    }
  });

  it("calls another person's output insufficient even where that face is gone", () => {
    const { truth, defaced } = made('template-mask', as('other-person', 0, 'defaced'), head);
    expect(truth.otherPerson).toBe(true);
    expect(truth.verdict).toBe(3);
    expect(truth.shares.nose).toBeLessThan(0.05);
    expect(defaced.shape).toEqual(head.volume.shape);
  });
});

describe('the rule', () => {
  const gone = Object.fromEntries(
    ['forehead', 'leftEye', 'rightEye', 'nose', 'mouth', 'chinJaw', 'leftCheek', 'rightCheek', 'leftEar', 'rightEar', 'leftLids', 'rightLids'].map(
      (region) => [region, 0],
    ),
  ) as unknown as RegionShares; // prettier-ignore
  const verdict = (shares: Partial<RegionShares>, cheeksAndJaw = 0.2, face = 0.2) =>
    ruleVerdict({ shares: { ...gone, ...shares }, cheeksAndJaw, face });

  it('cuts at 1 and 10 per cent', () => {
    expect([0.009, 0.01, 0.1, 0.101, null].map((share) => regionState(share))).toEqual([
      'gone', 'trace', 'trace', 'present', null,
    ]); // prettier-ignore
  });

  it('passes strict without any trace, lenient with one, and fails with two or one present', () => {
    expect(verdict({})).toBe(1);
    expect(verdict({ leftLids: 0.05, rightLids: 0.08 })).toBe(2);
    expect(verdict({ leftLids: 0.05, nose: 0.05 })).toBe(3);
    expect(verdict({ mouth: 0.2 })).toBe(3);
  });

  it('asks strict for most of cheeks and jaw, lenient for most of the face', () => {
    expect(verdict({}, 0.6)).toBe(2);
    expect(verdict({}, 0.6, 0.6)).toBe(3);
  });

  it('takes what is outside the field of view as gone, and follows its cut points', () => {
    expect(verdict({ mouth: null, nose: null })).toBe(1);
    expect(
      ruleVerdict(
        { shares: { ...gone, nose: 0.2 }, cheeksAndJaw: 0, face: 0 },
        { ...defaultCutPoints, present: 0.3 },
      ),
    ).toBe(2);
  });
});

describe('an item of the benchmark', () => {
  it('comes from settings and index alone, byte for byte', () => {
    const a = benchmarkItem(settings, 9);
    const b = benchmarkItem(settings, 9);
    expect(hash(a.defaced.values)).toBe(hash(b.defaced.values));
    expect(hash(a.head.labels.labels)).toBe(hash(b.head.labels.labels));
    expect(a.truth).toEqual(b.truth);
    expect(a.defacing.scan).toBe(2);
    expect(hash(benchmarkItem({ ...settings, seed: 4 }, 9).defaced.values)).not.toBe(hash(a.defaced.values));
  });
});
