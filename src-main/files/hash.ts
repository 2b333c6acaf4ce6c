import { createHash } from 'node:crypto';
import { hostIsLittleEndian, swapped } from '../../src-shared/volume/byteOrder.ts';
import { canonicalGrid, canonicalVolume } from '../../src-shared/volume/canonical.ts';
import type { NiftiImage } from '../../src-shared/volume/nifti.ts';

/** SHA-256 of bytes, as 64 hexadecimal digits; several parts count as one after the other. */
export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * SHA-256 of what an image shows: the true values of every volume in canonical order as float64 numbers of 8 bytes, lowest
 * first, after the shape, and the affine rounded to a thousandth of a millimetre. The same scan packed otherwise, with another header, byte
 * order, number type or axis order has the same hash.
 */
export function contentHash(image: NiftiImage): string {
  const hash = createHash('sha256');
  const grid = canonicalGrid(image.grid);
  const { volumeCount } = image.header;
  const place = [...grid.affine].map((v) => Math.round(v * 1000) / 1000 + 0);
  hash.update(JSON.stringify({ shape: grid.shape, volumeCount, place }));
  const chunk = 1 << 16;
  const doubles = new Float64Array(chunk);
  const bytes = new Uint8Array(doubles.buffer);
  for (let index = 0; index < volumeCount; index++) {
    const { values } = canonicalVolume(image.volume(index));
    for (let start = 0; start < values.length; start += chunk) {
      const part = values.subarray(start, start + chunk);
      doubles.set(part);
      const used = bytes.subarray(0, part.length * 8);
      hash.update(hostIsLittleEndian ? used : swapped(used, 8));
    }
  }
  return hash.digest('hex');
}
