import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRemoval } from '../../../src-shared/defacers/applyRemoval.ts';
import { dtypes } from '../../../src-shared/volume/dtype.ts';
import { parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { maskOf, randomNumbers, straight } from '../volume/makers.ts';
import { niftiBytes } from '../volume/niftiBytes.ts';

const shape = [3, 4, 5] as const;
const values = Array.from({ length: 60 }, (_, n) => (n * 7) % 120);

describe('taking voxels away', () => {
  it('changes the removed voxels and not one bit beside them, for every format', () => {
    const anyFormat = fc.record({
      dtype: fc.constantFrom(...dtypes),
      littleEndian: fc.boolean(),
      version: fc.constantFrom(1 as const, 2 as const),
      slope: fc.constantFrom(0, 1, 2.5, -0.5),
      intercept: fc.constantFrom(0, -10, 4),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(anyFormat, ({ seed, ...format }) => {
        const random = randomNumbers(seed);
        const removal = maskOf(shape, () => random() < 0.4);
        const file = niftiBytes({ ...format, dims: [3, ...shape], text: 'kept', values });
        const untouched = file.slice();
        const image = parseNiftiImage(Buffer.from(file.buffer));
        const { bytes, proof, removedMeans } = applyRemoval({ image, removal });
        expect(file).toEqual(untouched);
        expect(proof).toMatchObject({ sameGrid: true, keptVoxelsIdentical: true, removedVoxelsEmpty: true });
        const before = image.volume().values;
        const after = parseNiftiImage(bytes).volume().values;
        let altered = 0;
        removal.bits.forEach((bit, n) => {
          expect(after[n]).toBe(bit === 1 ? Math.fround(removedMeans) : before[n]);
          if (after[n] !== before[n]) altered++;
        });
        expect(proof.alteredVoxels).toBe(altered);
      }),
      { numRuns: 150 },
    );
  });

  it('counts what of the brain went', () => {
    const srow = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2.5, 0];
    const image = parseNiftiImage(niftiBytes({ dims: [3, ...shape], srow, values }));
    const removal = maskOf(shape, (x) => x === 0, straight(2, 2, 2.5));
    const brain = maskOf(shape, (_, y) => y < 3, straight(2, 2, 2.5));
    const { proof } = applyRemoval({ image, removal, brain });
    expect(proof).toMatchObject({ removedVoxels: 20, brainVoxels: 45, brainRemovedVoxels: 15 });
    expect(proof.removedMl).toBeCloseTo(0.2, 12);
    expect(proof.brainRemovedMl).toBeCloseTo(0.15, 12);
  });

  it('says that nothing changed where only emptiness was removed', () => {
    const image = parseNiftiImage(niftiBytes({ dims: [3, ...shape], values: values.map(() => 0) }));
    const { proof } = applyRemoval({ image, removal: maskOf(shape, () => true) });
    expect(proof).toMatchObject({
      removedVoxels: 60,
      alteredVoxels: 0,
      brainVoxels: null,
      brainRemovedMl: null,
    });
  });

  it('takes one mask for all volumes only when told to', () => {
    const image = parseNiftiImage(niftiBytes({ dims: [4, ...shape, 2], values: [...values, ...values] }));
    const removal = maskOf(shape, (x, y, z) => x + y + z === 5);
    expect(() => applyRemoval({ image, removal })).toThrow(expect.objectContaining({ code: 'nifti-4d' }));
    const { bytes } = applyRemoval({ image, removal, allVolumes: true });
    const after = parseNiftiImage(bytes);
    const expected = values.map((v, n) => (removal.bits[n] === 1 ? 0 : v));
    expect([...after.volume(0).values]).toEqual(expected);
    expect([...after.volume(1).values]).toEqual(expected);
  });

  it('refuses a mask of another grid', () => {
    const image = parseNiftiImage(niftiBytes({ dims: [3, ...shape], values }));
    for (const removal of [maskOf([3, 4, 4], () => true), maskOf(shape, () => true, straight(1, 1, 1.01))]) {
      expect(() => applyRemoval({ image, removal })).toThrow(
        expect.objectContaining({ code: 'mask-wrong-grid' }),
      );
    }
  });
});
