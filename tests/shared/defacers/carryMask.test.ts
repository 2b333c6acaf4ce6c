import { expect, it } from 'vitest';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { carryMask } from '../../../src-shared/defacers/carryMask.ts';
import { affineOf, multiply, type Matrix } from '../../../src-shared/volume/affine.ts';
import { dice } from '../../../src-shared/volume/dice.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

describeWithShared('a mask carried to another scan of the session', () => {
  it('lands on the same anatomy of a head that moved and has another contrast', async () => {
    const t1 = await readVolume(sharedPath('data', 'heads', 't1_fullhead_1p6mm.nii.gz'));
    const removal = await readMask(sharedPath('data', 'peers', 't1_fullhead_1p6mm_pydeface-removed.nii.gz'));
    const [c, s] = [Math.cos(0.1), Math.sin(0.1)];
    const moved: Matrix = [1, 0, 0, 6, 0, c, -s, -4, 0, s, c, 9];
    // Bright turns dark inside the head, air stays: the likeness is in the anatomy, not in the numbers.
    const values = t1.values.map((v) => (v < 20 ? v : 275 - v));
    const other = { ...t1, values, affine: affineOf(multiply(moved, t1.affine)) };
    const { removal: carried, registration, carriedShare } = carryMask({ t1, removal, other });
    expect(registration.verdict).toBe('good');
    expect(dice(carried.bits, removal.bits)).toBeGreaterThan(0.95);
    expect(carriedShare).toBeCloseTo(1, 1);
  }, 60_000);
});
