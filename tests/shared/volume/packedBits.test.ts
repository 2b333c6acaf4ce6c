import { expect, it } from 'vitest';
import { packBits, unpackBits } from '../../../src-shared/volume/packedBits.ts';

it('packs eight voxels in a byte, the first in the lowest bit', () => {
  expect(packBits(Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0, 0, 1))).toEqual(Uint8Array.of(0b1001, 0b10));
});

it.each([0, 1, 7, 8, 9, 1001])('gives back a mask of %i voxels', (count) => {
  const bits = Uint8Array.from({ length: count }, (_, n) => ((n * 7919) % 13 < 5 ? 1 : 0));
  expect(unpackBits(packBits(bits), count)).toEqual(bits);
});
