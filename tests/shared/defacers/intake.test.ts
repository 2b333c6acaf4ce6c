import { expect, it } from 'vitest';
import { takeIn } from '../../../src-shared/defacers/intake.ts';
import { affineOf, identityMatrix } from '../../../src-shared/volume/affine.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';

const grid = { shape: [10, 10, 10] as const, affine: affineOf(identityMatrix) };
const volume = (valueOf: (n: number) => number): Volume => ({
  ...grid,
  values: Float32Array.from({ length: 1000 }, (_, n) => valueOf(n)),
});
/** Whole numbers with faint noise of 1 in every third voxel. */
const staged = volume((n) => (n % 3 === 0 ? 1 : 100 + (n % 50)));
const input = { staged, rawRoundingError: 0.5, original: grid, brain: undefined };

it('noise as faint as one step of an integer file is seen to be gone where the rest was kept exactly', () => {
  const raw = volume((n) => (n < 200 ? 0 : staged.values[n]));
  expect(takeIn({ ...input, raw, refaces: false }).facts?.removedVoxels).toBe(200);
});

it('what a refacer put there comes back in the unit of what it was given', () => {
  const raw = volume((n) => (n < 200 ? 40 : staged.values[n]));
  const { replacement, removal, refaced } = takeIn({ ...input, raw, refaces: true });
  expect(refaced).toBe(true);
  expect(removal?.bits.reduce((sum, bit) => sum + bit, 0)).toBe(200);
  expect([...(replacement?.values.subarray(0, 3) ?? [])]).toEqual([40, 40, 40]);
});

it('a refacer that changes the brain is told like one that cuts it', () => {
  const brain = { ...grid, bits: new Uint8Array(1000).fill(1) };
  const roomy = { shape: grid.shape, affine: affineOf([3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0]) };
  const raw = volume((n) => (n < 200 ? 40 : staged.values[n]));
  const told = takeIn({
    ...input,
    staged: { ...staged, ...roomy },
    raw: { ...raw, ...roomy },
    original: roomy,
    brain: { ...brain, ...roomy },
    refaces: true,
  });
  expect(told).toMatchObject({ outcome: 'brain-cut', reason: expect.stringContaining('replaced') as string });
});
