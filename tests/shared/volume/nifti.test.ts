import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/api/appError.ts';
import { dtypeFacts, dtypes, isFloat } from '../../../src-shared/volume/dtype.ts';
import { parseNifti, parseNiftiHeader, parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { niftiBytes, voxelBytes, type Made } from './niftiBytes.ts';

const eight = [0, 1, 2, 3, 4, 5, 6, 7];
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'no error';
};
const refusal = (made: Made): string => codeOf(() => parseNifti(niftiBytes({ values: eight, ...made })));

describe('reading a NIfTI file', () => {
  it('gives the true values of any type, byte order, scaling and version', () => {
    const anyFile = fc.record({
      dtype: fc.constantFrom(...dtypes),
      littleEndian: fc.boolean(),
      version: fc.constantFrom(1 as const, 2 as const),
      scaling: fc.constantFrom([0, 0], [1, 0], [2.5, 0], [0.125, -7], [-3, 100]),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 }),
      shift: fc.integer({ min: 0, max: 7 }),
    });
    fc.assert(
      fc.property(anyFile, ({ dtype, littleEndian, version, scaling: [slope, intercept], shares, shift }) => {
        const [low, high] = isFloat(dtype) ? [-1e6, 1e6] : dtypeFacts[dtype].range;
        const stored = shares.map((share) => {
          const value = Math.min(high, low + share * (high - low));
          return dtype === 'float32' ? Math.fround(value) : isFloat(dtype) ? value : Math.round(value);
        });
        const file = niftiBytes({
          dtype,
          littleEndian,
          version,
          slope,
          intercept,
          dims: [3, 2, 3, 4],
          values: stored,
        });
        // Read from an odd address, as bytes cut out of a larger buffer are.
        const cut = new Uint8Array(file.length + shift);
        cut.set(file, shift);
        const { values, shape } = parseNifti(cut.subarray(shift));
        expect(shape).toEqual([2, 3, 4]);
        stored.forEach((value, n) => {
          const truth = slope === 0 ? value : value * slope + intercept;
          const exact = dtypeFacts[dtype].bytes > 2 && dtype !== 'float32';
          expect(values[n]).toBe(exact ? truth : Math.fround(truth));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('keeps neighbouring stored values apart under a large intercept', () => {
    const { values } = parseNifti(niftiBytes({ values: eight, slope: 0.001, intercept: 100000 }));
    expect(new Set(values).size).toBe(8);
    expect(values[3]).toBeCloseTo(100000.003, 9);
  });

  it('reads NaN and infinities as 0', () => {
    const stored = [1, NaN, Infinity, -Infinity, 2, 3, 4, 5];
    expect([...parseNifti(niftiBytes({ dtype: 'float32', values: stored })).values]).toEqual([
      1, 0, 0, 0, 2, 3, 4, 5,
    ]);
  });

  it('never changes the stored bytes when values are changed', () => {
    const image = parseNiftiImage(niftiBytes({ dtype: 'float32', values: eight }));
    image.volume().values.fill(-1);
    expect([...image.volume().values]).toEqual(eight);
  });

  it('reads a pair of header and voxels', () => {
    const header = niftiBytes({ pair: true });
    expect([...parseNiftiImage(header, voxelBytes(eight, 'int16', true)).volume().values]).toEqual(eight);
    expect(codeOf(() => parseNiftiImage(header))).toBe('nifti-image-missing');
  });

  it('begins behind the header where the voxel offset is 0, and behind extensions of any kind', () => {
    expect([...parseNifti(niftiBytes({ voxelOffset: 0, values: eight })).values]).toEqual(eight);
    const emptyExtension = new Uint8Array(16);
    expect([...parseNifti(niftiBytes({ extension: emptyExtension, values: eight })).values]).toEqual(eight);
    const version2 = niftiBytes({
      version: 2,
      littleEndian: false,
      extension: new Uint8Array(32),
      values: eight,
    });
    expect([...parseNifti(version2).values]).toEqual(eight);
  });

  it('chooses one volume of several, and insists on the choice', () => {
    const values = Array.from({ length: 24 }, (_, n) => n);
    const image = parseNiftiImage(niftiBytes({ dims: [4, 2, 2, 2, 3], values }));
    expect(image.header.volumeCount).toBe(3);
    expect([...image.volume(2).values]).toEqual(values.slice(16));
    expect(codeOf(() => image.volume())).toBe('nifti-4d');
    expect(parseNiftiImage(niftiBytes({ dims: [4, 2, 2, 2, 1], values: eight })).header.dims).toEqual([
      2, 2, 2,
    ]);
  });
});

describe('where a NIfTI file lies in space', () => {
  const affineOf = (made: Made): number[] => [...parseNiftiHeader(niftiBytes(made)).grid.affine];
  const srow = [0, 0, 2, -10, -1, 0, 0, 20, 0, 1.5, 0, -30];
  const half = Math.SQRT1_2;
  /** A quarter turn about z: i runs to the front, j to the left. */
  const turned: Made = { qformCode: 2, quaternion: [0, 0, half], qoffset: [1, 2, 3], pixdim: [-1, 2, 3, 4] };

  it.each([1, 2] as const)('takes the sform before a qform with the higher code (NIfTI-%i)', (version) => {
    expect(affineOf({ version, ...turned, sformCode: 1, srow })).toEqual(srow);
  });

  it.each([1, 2] as const)(
    'takes the qform where the sform has no code, its handedness included (NIfTI-%i)',
    (version) => {
      const expected = [0, -3, 0, 1, 2, 0, 0, 2, 0, 0, -4, 3];
      affineOf({ version, ...turned, sformCode: 0, srow }).forEach((v, n) =>
        expect(v).toBeCloseTo(expected[n], 5),
      );
    },
  );

  it('takes a vector part a hair longer than 1 as a half turn', () => {
    const expected = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0];
    const found = affineOf({ sformCode: 0, qformCode: 1, quaternion: [1.0000001, 0, 0] });
    found.forEach((v, n) => expect(v).toBeCloseTo(expected[n], 5));
  });

  it('runs to the left about the middle and warns where there is neither form', () => {
    const header = parseNiftiHeader(niftiBytes({ sformCode: 0, dims: [3, 5, 3, 2], pixdim: [1, 2, 3, 4] }));
    expect([...header.grid.affine]).toEqual([-2, 0, 0, 4, 0, 3, 0, -3, 0, 0, 4, -2]);
    expect(header.orientationSource).toBe('spacing');
    expect(header.warnings).toContain('no-orientation');
  });

  it('refuses a form that counts but holds NaN or has no volume, instead of putting the head elsewhere', () => {
    expect(refusal({ srow: [NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] })).toBe('nifti-affine');
    expect(refusal({ ...turned, srow: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] })).toBe('nifti-affine');
    expect(refusal({ sformCode: 0, pixdim: [1, 1, 0, 1] })).toBe('nifti-affine');
    expect(refusal({ sformCode: 0, qformCode: 1, quaternion: [NaN, 0, 0] })).toBe('nifti-affine');
  });
});

describe('a file that is not a good image', () => {
  it('is refused with a code that says why', () => {
    expect(codeOf(() => parseNifti(new TextEncoder().encode('subject,age\n1,55\n'.repeat(60))))).toBe(
      'not-nifti',
    );
    expect(codeOf(() => parseNifti(new Uint8Array(0)))).toBe('not-nifti');
    expect(codeOf(() => parseNifti(new Uint8Array(100)))).toBe('not-nifti');
    for (const dims of [
      [3, 0, 2, 2],
      [3, -2, 2, 2],
      [0, 2, 2, 2],
      [8, 2, 2, 2],
    ]) {
      expect(refusal({ dims })).toBe('nifti-dims');
    }
    expect(refusal({ dims: [3, 32767, 32767, 32767] })).toBe('nifti-truncated');
    expect(refusal({ values: eight.slice(1) })).toBe('nifti-truncated');
    expect(refusal({ version: 2, littleEndian: false, dims: [3, 2 ** 31, 2 ** 31, 2 ** 31] })).toBe(
      'nifti-truncated',
    );
    expect(refusal({ voxelOffset: 100 })).toBe('nifti-header');
    expect(refusal({ voxelOffset: NaN })).toBe('nifti-header');
  });

  it.each([
    [128, 'rgb24'],
    [2304, 'rgba32'],
    [32, 'complex64'],
    [1792, 'complex128'],
    [1536, 'float128'],
    [1, 'binary'],
    [77, 'unknown'],
  ])('with voxel type code %i is refused as %s', (code, kind) => {
    try {
      parseNifti(niftiBytes({ code, values: eight }));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'nifti-dtype', facts: { kind } });
    }
  });

  it('never fails in any other way, however its bytes were changed', () => {
    const good = niftiBytes({ values: eight, text: 'x', extension: new Uint8Array(16) });
    const change = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(change, fc.nat(good.length), (changes, length) => {
        const bad = good.slice(0, length);
        for (const [at, value] of changes) if (at < length) bad[at] = value;
        let found: unknown = null;
        try {
          parseNiftiImage(bad);
        } catch (error) {
          found = error;
        }
        if (found !== null) expect(found).toBeInstanceOf(AppError);
      }),
      { numRuns: 1000 },
    );
  });
});
