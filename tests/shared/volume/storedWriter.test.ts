import { expect, it } from 'vitest';
import { dtypeFacts, type Dtype } from '../../../src-shared/volume/dtype.ts';
import { trueValues } from '../../../src-shared/volume/storedValues.ts';
import { storedWriter } from '../../../src-shared/volume/storedWriter.ts';

const dtypes = Object.keys(dtypeFacts) as Dtype[];

it.each(dtypes.flatMap((dtype) => [true, false].map((littleEndian) => [dtype, littleEndian] as const)))(
  'true values come back from %s (little endian: %s) to within half a step',
  (dtype, littleEndian) => {
    const format = { dtype, littleEndian, scaling: { slope: 0.5, intercept: 3 } };
    const stored = new Uint8Array(dtypeFacts[dtype].bytes * 3);
    const write = storedWriter(stored, format);
    const wanted = [3, 17.2, 40];
    wanted.forEach((value, n) => write(n, value));
    const back = trueValues(stored, format);
    wanted.forEach((value, n) => expect(Math.abs(back[n] - value)).toBeLessThanOrEqual(0.25));
  },
);

it('what lies beyond the range of the type is held at its border', () => {
  const format = { dtype: 'uint8', littleEndian: true, scaling: { slope: 1, intercept: 0 } } as const;
  const stored = new Uint8Array(2);
  const write = storedWriter(stored, format);
  write(0, -5);
  write(1, 300);
  expect([...stored]).toEqual([0, 255]);
});
