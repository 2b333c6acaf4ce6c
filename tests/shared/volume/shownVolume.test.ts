import { expect, it } from 'vitest';
import { parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { shownVolume } from '../../../src-shared/volume/shownVolume.ts';
import { affineOf, identityMatrix } from '../../../src-shared/volume/affine.ts';
import { encode4d } from '../../fixtures/fourD.ts';

it('of several volumes the mean is shown', () => {
  const head = {
    shape: [2, 1, 1] as const,
    affine: affineOf(identityMatrix),
    values: Float32Array.of(10, 30),
  };
  expect([...shownVolume(parseNiftiImage(encode4d(head, [1, 2, 6]))).values]).toEqual([30, 90]);
});
