import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply, type Affine } from '../../../src-shared/volume/affine.ts';
import { dtypes } from '../../../src-shared/volume/dtype.ts';
import { parseNifti, parseNiftiHeader, parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { storedZero } from '../../../src-shared/volume/storedZero.ts';
import { encodeNifti, rewriteNifti } from '../../../src-shared/volume/writeNifti.ts';
import { affine, maskOf, randomNumbers, volumeOf } from './makers.ts';
import { niftiBytes, voxelBytes } from './niftiBytes.ts';

const eight = [0, 1, 2, 3, 4, 5, 6, 7];

/** The same file with its sform switched off, so that the qform counts. */
function byQform(file: Uint8Array): Affine {
  const copy = file.slice();
  new DataView(copy.buffer).setInt16(254, 0, true);
  return parseNiftiHeader(copy).grid.affine;
}

describe('a new file', () => {
  it('reads back as the volume it was made from', () => {
    const random = randomNumbers(2);
    const volume = volumeOf(
      [5, 4, 3],
      () => random() * 100 - 50,
      affine(0, 0, -2, 9, 1, 0, 0, 3, 0, -1.5, 0, 4),
    );
    const found = parseNifti(encodeNifti(volume));
    expect(found).toEqual(volume);
    const double = { ...volume, values: Float64Array.from(volume.values, (v) => v / 3) };
    expect(parseNifti(encodeNifti(double))).toEqual(double);
  });

  it('reads back as the mask it was made from', () => {
    const mask = maskOf([5, 4, 3], (x, y, z) => (x + y * z) % 3 === 0);
    const image = parseNiftiImage(encodeNifti(mask));
    expect(image.header.dtype).toBe('uint8');
    expect([...image.volume().values]).toEqual([...mask.bits]);
  });

  it('has a qform that says the same as the sform, for every rotation, mirrored or not', () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, fc.boolean(), (a, b, c, mirrored) => {
        const turn = (t: number, [p, q]: readonly [number, number]): Affine => {
          const m = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
          m[p * 5] = Math.cos(t);
          m[q * 5] = Math.cos(t);
          m[p * 4 + q] = -Math.sin(t);
          m[q * 4 + p] = Math.sin(t);
          return affine(...m);
        };
        const scale = affine(mirrored ? -1.25 : 1.25, 0, 0, 7, 0, 0.8, 0, -3, 0, 0, 2, 11);
        const on = multiply(
          multiply(turn(a, [0, 1]), turn(b, [1, 2])),
          multiply(turn(c, [0, 1]), scale),
        ) as Affine;
        const file = encodeNifti(maskOf([2, 2, 2], () => true, on));
        // Near half a turn the first part of the quaternion, which the file does not hold, follows from float32 values
        // that add up to almost 1: it is known to the root of their rounding, .35 mrad, so a step of 2 mm to 1.4 um.
        byQform(file).forEach((v, n) => expect(Math.abs(v - on[n])).toBeLessThan(1.6e-3));
      }),
    );
  });

  it('gives no qform where the axes are skewed, rather than a wrong one', () => {
    const file = encodeNifti(maskOf([2, 2, 2], () => true, affine(1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)));
    expect(parseNiftiHeader(file)).toMatchObject({ qformCode: 0, sformCode: 1 });
  });
});

describe('the stored zero', () => {
  it('means 0 for every type without an intercept', () => {
    for (const dtype of dtypes) {
      const zero = storedZero({ dtype, littleEndian: true, scaling: { slope: 2.008, intercept: 0 } });
      expect(zero).toMatchObject({ stored: 0, means: 0 });
      expect(zero.bytes.every((byte) => byte === 0)).toBe(true);
    }
  });

  it('means 0 or what lies nearest to it with an intercept, in either byte order', () => {
    for (const littleEndian of [true, false]) {
      for (const dtype of dtypes) {
        for (const [slope, intercept] of [
          [1, -1024],
          [2, 7],
          [-0.5, 3],
          [1, 100],
        ]) {
          const format = { dtype, littleEndian, scaling: { slope, intercept } };
          const zero = storedZero(format);
          const file = niftiBytes({
            dtype,
            littleEndian,
            slope,
            intercept,
            values: new Array<number>(8).fill(zero.stored),
          });
          expect(file.slice(-zero.bytes.length)).toEqual(zero.bytes);
          expect(parseNifti(file).values[0]).toBeCloseTo(zero.means, 6);
        }
      }
    }
    const of = (dtype: (typeof dtypes)[number], slope: number, intercept: number): number =>
      storedZero({ dtype, littleEndian: true, scaling: { slope, intercept } }).means;
    expect(of('int16', 1, -1024)).toBe(0);
    expect(of('uint8', 1, 100)).toBe(100);
    expect(of('int16', 2, 7)).toBe(1);
    expect(of('float64', 3, 1)).toBeCloseTo(0, 15);
  });
});

describe('a rewritten file', () => {
  const text = 'NAME^PATIENT 1950-01-01 and more of it';
  const extension = new TextEncoder().encode(
    `\x20\x00\x00\x00\x06\x00\x00\x00${'secret in comments'.padEnd(24)}`,
  );
  const later = [7, 6, 5, 4, 3, 2, 1, 0];

  it.each([1, 2] as const)('keeps every byte but the voxels (NIfTI-%i)', (version) => {
    const file = niftiBytes({ version, text, extension, littleEndian: false, slope: 2, values: eight });
    const image = parseNiftiImage(file);
    const again = rewriteNifti(image, voxelBytes(later, 'int16', false), { clearText: false });
    expect(again).toEqual(
      niftiBytes({ version, text, extension, littleEndian: false, slope: 2, values: later }),
    );
  });

  it.each([1, 2] as const)(
    'loses all text, extensions and slack on request, and nothing else (NIfTI-%i)',
    (version) => {
      const file = niftiBytes({
        version,
        text,
        extension,
        slope: 2,
        intercept: 1,
        qformCode: 1,
        values: eight,
      });
      const cleared = rewriteNifti(parseNiftiImage(file), voxelBytes(later, 'int16', true), {
        clearText: true,
      });
      expect(cleared).toEqual(niftiBytes({ version, slope: 2, intercept: 1, qformCode: 1, values: later }));
    },
  );

  it('makes one file of a pair', () => {
    const image = parseNiftiImage(niftiBytes({ pair: true, text }), voxelBytes(eight, 'int16', true));
    const one = rewriteNifti(image, voxelBytes(later, 'int16', true), { clearText: false });
    expect(one).toEqual(niftiBytes({ text, values: later }));
  });
});
