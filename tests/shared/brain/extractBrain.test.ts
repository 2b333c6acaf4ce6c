import { expect, it } from 'vitest';
import { extractBrain } from '../../../src-shared/brain/extractBrain.ts';
import { brainPlausibility } from '../../../src-shared/brain/brainPlausibility.ts';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { brainTissueLabels, phantomLabels } from '../../../src-shared/phantom/labels.ts';
import { registerToTemplate } from '../../../src-shared/registration/registerToTemplate.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { dice } from '../../../src-shared/volume/dice.ts';
import type { Mask, Volume } from '../../../src-shared/volume/volume.ts';
import { affineOf, multiply, type Matrix } from '../../../src-shared/volume/affine.ts';
import { cropped } from '../../../src-shared/brain/gridBox.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

const template = await readTemplate();
const brainOf = (volume: Volume) =>
  extractBrain(volume, {
    template,
    registration: registerToTemplate(volume, template),
    head: findHead(volume),
  });

const heads = [
  'colin27_t1',
  'flair_3d_1mm',
  'flair_skullstripped',
  't1_2dsag_hfdr_cutfov',
  't1_2dsag_hfs',
  't1_defaced_studyforrest',
  't1_fullhead_1p6mm',
  't1_mprage_capsules',
  't1_patient_upperface',
  't2_oblique_cutfov',
] as const;

describeWithShared('the brain of real heads', () => {
  const found = new Map<string, { dice: number; ml: number }>();

  it.each(heads)("%s is the referee network's, to a Dice of .95", async (name) => {
    const scan = await readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
    const { mask, plausibility } = brainOf(scan);
    const referee = await readMask(sharedPath('data', 'deepbet', `${name}_deepbet.nii.gz`));
    const overlap = dice(mask.bits, referee.bits) ?? 0;
    found.set(name, { dice: overlap, ml: plausibility.ml });
    expect(overlap).toBeGreaterThanOrEqual(0.95);
    expect(plausibility.reasons).toEqual([]);
  });

  it('reaches .97 in the median', () => {
    const sorted = [...found.values()].map((each) => each.dice).toSorted((a, b) => a - b);
    expect((sorted[4] + sorted[5]) / 2).toBeGreaterThanOrEqual(0.97);
  });

  it('has the same volume for the same man in two positions, within 3 %', () => {
    const lying = found.get('t1_2dsag_hfs')?.ml ?? 0;
    const turned = found.get('t1_2dsag_hfdr_cutfov')?.ml ?? 0;
    expect(Math.abs(lying / turned - 1)).toBeLessThan(0.03);
  });

  it('is all that is left once a brain was extracted', async () => {
    const scan = await readVolume(sharedPath('data', 'heads', 't2_oblique_cutfov.nii.gz'));
    const { bits } = await readMask(sharedPath('data', 'deepbet', 't2_oblique_cutfov_deepbet.nii.gz'));
    const { mask, how, plausibility } = brainOf({
      ...scan,
      values: Float32Array.from(scan.values, (value, n) => value * bits[n]),
    });
    expect({ how, plausible: plausibility.plausible }).toEqual({ how: 'extracted', plausible: true });
    expect(dice(mask.bits, bits)).toBeGreaterThan(0.99);
  });

  it('is not claimed for a melon', async () => {
    const { plausibility } = brainOf(
      await readVolume(sharedPath('data', 'heads', 'not_a_head_melon.nii.gz')),
    );
    expect(plausibility.plausible).toBe(false);
    expect(plausibility.reasons.join(' ')).toMatch(/does not fit/);
  });

  it('stays where it is when noise and a bias field are added', async () => {
    const scan = await readVolume(sharedPath('data', 'heads', 't1_fullhead_1p6mm.nii.gz'));
    const [nx, ny] = scan.shape;
    const values = Float32Array.from(scan.values, (value, n) => {
      const hash = Math.sin(n * 12.9898) * 43758.5453;
      const noise = (hash - Math.floor(hash) - 0.5) * 30;
      return Math.abs(value * (0.75 + (0.5 * (Math.floor(n / nx) % ny)) / ny) + noise);
    });
    const { mask } = brainOf({ ...scan, values });
    expect(dice(mask.bits, brainOf(scan).mask.bits)).toBeGreaterThan(0.97);
  });

  it('turns with the head, moves with it, and is not lost when the field of view ends on the left or in the face', async () => {
    const scan = await readVolume(sharedPath('data', 'heads', 't1_mprage_capsules.nii.gz'));
    const referee = await readMask(sharedPath('data', 'deepbet', 't1_mprage_capsules_deepbet.nii.gz'));
    const moved = (by: Matrix): Volume => ({ ...scan, affine: affineOf(multiply(by, scan.affine)) });
    const [c, s] = [Math.cos(Math.PI / 12), Math.sin(Math.PI / 12)];
    for (const by of [
      [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0],
      [c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0],
      [1, 0, 0, 30, 0, 1, 0, -30, 0, 0, 1, 30],
    ] as const) {
      expect(dice(brainOf(moved(by)).mask.bits, referee.bits)).toBeGreaterThan(0.97);
    }
    for (const { from, cutAt } of [
      { from: [60, 0, 0], cutAt: ['left'] },
      { from: [0, 0, 60], cutAt: ['bottom'] },
    ] as const) {
      const box = { from, to: scan.shape };
      const { mask, plausibility } = brainOf(cropped(scan, box));
      const left = cropped({ ...referee, values: Float32Array.from(referee.bits) }, box);
      expect(dice(mask.bits, Uint8Array.from(left.values))).toBeGreaterThan(0.97);
      expect(plausibility).toMatchObject({ plausible: true, cutAt });
    }
  });
});

it.each(['T1w', 'T2w', 'FLAIR'] as const)('lies where an invented head has its brain (%s)', (contrast) => {
  const { volume, labels } = phantomHead({ seed: 11, contrast, spacingMm: 2 });
  const brain = new Set<number>([...brainTissueLabels, phantomLabels.ventricles, phantomLabels.fluid]);
  const truth = Uint8Array.from(labels.labels, (label) => (brain.has(label) ? 1 : 0));
  const { mask, plausibility } = brainOf(volume);
  expect(dice(mask.bits, truth)).toBeGreaterThan(0.85);
  expect(plausibility.reasons).toEqual([]);
});

function ball(radiusVoxels: number, at: readonly [number, number, number]): Mask {
  const bits = new Uint8Array(100 ** 3);
  for (let n = 0; n < bits.length; n++) {
    const [i, j, k] = [n % 100, Math.floor(n / 100) % 100, Math.floor(n / 10_000)];
    if (Math.hypot(i - at[0], j - at[1], k - at[2]) <= radiusVoxels) bits[n] = 1;
  }
  return { shape: [100, 100, 100], affine: affineOf([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0]), bits };
}

it('calls a mask implausible that is too small, leaks, falls apart or sits on one side', () => {
  const head = ball(45, [50, 50, 50]);
  expect(brainPlausibility(ball(34, [50, 50, 50]), head).reasons).toEqual([]);
  expect(brainPlausibility(ball(20, [50, 50, 50]), head).reasons.join()).toMatch(/267 ml/);
  expect(brainPlausibility(ball(43, [50, 50, 50]), head).reasons.join()).toMatch(/% of the head/);
  const apart = ball(33, [50, 50, 50]);
  for (let n = 0; n < 15; n++) apart.bits.fill(1, n * 10_000, n * 10_000 + 2_000);
  expect(brainPlausibility(apart, head).reasons.join()).toMatch(/pieces/);
  const lopsided = ball(33, [36, 50, 50]);
  for (let n = 0; n < lopsided.bits.length; n++)
    if (n % 100 > 90 && Math.floor(n / 100) % 100 === 50) lopsided.bits[n] = 1;
  for (let n = 505_070; n <= 505_091; n++) lopsided.bits[n] = 1;
  expect(brainPlausibility(lopsided, head).reasons.join()).toMatch(/lopsided/);
});

it('does not call a brain lopsided that the image cuts, and says where it does', () => {
  const whole = ball(45, [50, 50, 50]);
  const half = ball(36, [10, 50, 50]);
  expect(brainPlausibility(half, whole)).toMatchObject({ plausible: true, cutAt: ['left'] });
  const sliver = brainPlausibility(ball(30, [50, 50, 5]), whole);
  expect(sliver.cutAt).toEqual(['bottom']);
  expect(sliver.reasons.join()).toMatch(/ends inside it \(bottom\)/);
  const { affine, ...rest } = half;
  const flipped = affineOf([-affine[0], 0, 0, 198, ...affine.slice(4)] as unknown as Matrix);
  expect(brainPlausibility({ ...rest, affine: flipped }, whole).cutAt).toEqual(['right']);
});
