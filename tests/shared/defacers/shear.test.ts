import { describe, expect, it } from 'vitest';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { lowerSagittalHull } from '../../../src-shared/defacers/sagittalHull.ts';
import { shear } from '../../../src-shared/defacers/shear.ts';
import { applyMatrix, multiply, type Affine } from '../../../src-shared/volume/affine.ts';
import { otsuLevel } from '../../../src-shared/volume/otsu.ts';
import type { Mask } from '../../../src-shared/volume/volume.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';
import { affine, maskOf, straight } from '../volume/makers.ts';

/**
 * A brain of two balls in world mm: a frontal one above, a cerebellar one below and behind. Seen from the side the bridge
 * under both is a tangent whose slope and distance follow from their centres and radii.
 */
const frontal = { y: 40, z: 20, r: 30 };
const hind = { y: -50, z: -30, r: 25 };
const insideBrain = (x: number, y: number, z: number): boolean =>
  [frontal, hind].some((ball) => Math.hypot(x, y - ball.y, z - ball.z) <= ball.r);
const between = Math.hypot(frontal.y - hind.y, frontal.z - hind.z);
const tangent =
  Math.atan2(frontal.z - hind.z, frontal.y - hind.y) - Math.asin((frontal.r - hind.r) / between);

function brainOn(shape: readonly [number, number, number], on: Affine): Mask {
  return maskOf(shape, (i, j, k) => insideBrain(...applyMatrix(on, i, j, k)), on);
}

const plain = brainOn([80, 110, 100], affine(2, 0, 0, -80, 0, 2, 0, -110, 0, 0, 2, -100));
const positions = (grid: Mask, bits: Uint8Array): [number, number, number][] => {
  const [nx, ny] = grid.shape;
  const out: [number, number, number][] = [];
  bits.forEach((bit, n) => {
    if (bit === 1)
      out.push(applyMatrix(grid.affine, n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)));
  });
  return out;
};
const overlap = (a: Mask, b: Mask): number => a.bits.reduce((n, bit, at) => n + (bit & b.bits[at]), 0);

describe('the shearing plane', () => {
  it('lies along the bridge under the brain and a buffer away from it, in mm', () => {
    for (const bufferMm of [0, 5, 12.5]) {
      const { plane } = shear({ brain: plain, bufferMm });
      expect(plane.slopeDegrees).toBeCloseTo((tangent * 180) / Math.PI, -0.5);
      const nearest = Math.max(
        ...positions(plain, plain.bits).map(([, y, z]) => plane.normal[1] * y + plane.normal[2] * z),
      );
      expect(plane.offsetMm - nearest).toBeCloseTo(bufferMm, 2);
    }
  });

  it('removes exactly the voxels beyond it', () => {
    const { plane, removal, removedVoxels } = shear({ brain: plain });
    const all = positions(plain, new Uint8Array(plain.bits.length).fill(1));
    const truth = all.map(([, y, z]) => (plane.normal[1] * y + plane.normal[2] * z > plane.offsetMm ? 1 : 0));
    expect([...removal.bits]).toEqual(truth);
    expect(removedVoxels).toBe(truth.filter((bit) => bit === 1).length);
    expect(overlap(removal, plain)).toBe(0);
  });

  it('is the same plane however the voxels are stored: flipped, permuted, oblique, thick slices', () => {
    const reference = shear({ brain: plain }).plane;
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const tilted = multiply(
      affine(1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0),
      affine(2, 0, 0, -80, 0, 1.5, 0, -120, 0, 0, 2, -120),
    ) as Affine;
    const stored: Mask[] = [
      brainOn([80, 110, 100], affine(-2, 0, 0, 80, 0, -2, 0, 110, 0, 0, -2, 100)),
      brainOn([110, 100, 80], affine(0, 0, -2, 80, -2, 0, 0, 110, 0, 2, 0, -100)),
      brainOn([80, 160, 120], tilted),
      brainOn([35, 220, 200], affine(5, 0, 0, -85, 0, 1, 0, -110, 0, 0, 1, -100)),
      // Longer upwards than front to back, where the published program stops with an error.
      brainOn([40, 90, 300], affine(4, 0, 0, -80, 0, 2, 0, -90, 0, 0, 1, -150)),
    ];
    for (const brain of stored) {
      const { plane, removal, removedVoxels } = shear({ brain });
      expect(Math.abs(plane.slopeDegrees - reference.slopeDegrees)).toBeLessThanOrEqual(1.5);
      expect(Math.abs(plane.offsetMm - reference.offsetMm)).toBeLessThan(2.5);
      expect(removedVoxels).toBeGreaterThan(1000);
      expect(overlap(removal, brain)).toBe(0);
    }
  });

  it('is not turned by a ragged tip at the front', () => {
    const ragged = { ...plain, bits: plain.bits.slice() };
    const at = (y: number, z: number): number => 40 + 80 * ((y + 110) / 2 + 110 * ((z + 100) / 2));
    for (let step = 0; step < 4; step++) ragged.bits[at(66 + 2 * step, 8 + 2 * step)] = 1;
    const { plane, removal } = shear({ brain: ragged });
    expect(Math.abs(plane.slopeDegrees - shear({ brain: plain }).plane.slopeDegrees)).toBeLessThanOrEqual(6);
    expect(overlap(removal, ragged)).toBe(0);
  });

  it('is right where the brain touches the border of a cropped field', () => {
    const cropped = brainOn([80, 85, 70], affine(2, 0, 0, -80, 0, 2, 0, -100, 0, 0, 2, -56));
    const { plane, removedVoxels } = shear({ brain: cropped });
    expect(Math.abs(plane.slopeDegrees - (tangent * 180) / Math.PI)).toBeLessThan(3);
    expect(removedVoxels).toBeGreaterThan(1000);
  });

  it('says when it removes nothing', () => {
    expect(shear({ brain: plain, bufferMm: 400 }).removedVoxels).toBe(0);
  });

  it('refuses what it cannot do', () => {
    const code = (act: () => unknown): unknown => {
      try {
        act();
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return null;
    };
    expect(code(() => shear({ brain: plain, bufferMm: -1 }))).toBe('buffer-negative');
    expect(code(() => shear({ brain: plain, bufferMm: NaN }))).toBe('buffer-negative');
    expect(code(() => shear({ brain: maskOf([9, 9, 9], () => false) }))).toBe('brain-mask-empty');
    expect(code(() => shear({ brain: maskOf([9, 9, 9], () => true) }))).toBe('brain-mask-implausible');
    const slab = maskOf([9, 40, 40], (_, y, z) => y === 3 && z > 2, straight(1));
    expect(code(() => shear({ brain: slab }))).toBe('brain-mask-implausible');
  });

  it('has a hull that no voxel lies under', () => {
    const hull = lowerSagittalHull(plain);
    for (const [, y, z] of positions(plain, plain.bits)) {
      for (let n = 1; n < hull.length; n++) {
        const [a, b] = [hull[n - 1], hull[n]];
        if (y < a[0] || y > b[0]) continue;
        expect(z).toBeGreaterThanOrEqual(a[1] + ((y - a[0]) / (b[0] - a[0])) * (b[1] - a[1]) - 1e-9);
      }
    }
  });
});

describeWithShared('the shearing plane on heads with a trusted brain mask', () => {
  // The least share of the tissue PyDeface took that the plane takes too. The head turned to its right (hfdr) keeps part
  // of its right temple: one plane across the world's left-right axis cannot follow a turned head.
  it.each([
    ['colin27_t1', 0.99],
    ['t1_fullhead_1p6mm', 0.99],
    ['t1_mprage_capsules', 0.99],
    ['t1_2dsag_hfs', 0.99],
    ['t1_2dsag_hfdr_cutfov', 0.9],
    ['t2_oblique_cutfov', 0.99],
    ['flair_3d_1mm', 0.99],
    ['t1_patient_upperface', 0.98],
  ])('takes the face of %s and no brain', async (head, leastShare) => {
    const { values } = await readVolume(sharedPath('data', 'heads', `${head}.nii.gz`));
    const brain = await readMask(sharedPath('data', 'deepbet', `${head}_deepbet.nii.gz`));
    const face = await readMask(sharedPath('data', 'peers', `${head}_pydeface-removed.nii.gz`));
    const { removal } = shear({ brain });
    const tissue = (otsuLevel(values) ?? 0) / 2;
    let [all, taken] = [0, 0];
    values.forEach((value, n) => {
      if (value > tissue && face.bits[n] === 1) {
        all++;
        taken += removal.bits[n];
      }
    });
    expect(taken / all).toBeGreaterThanOrEqual(leastShare);
    expect(overlap(removal, brain)).toBe(0);
    // The Python program takes 300 to 500 ms.
  });
});
