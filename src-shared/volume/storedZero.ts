import { dtypeFacts, isFloat } from './dtype.ts';
import type { StoredFormat } from './storedValues.ts';

export interface StoredZero {
  /** The number as stored. */
  readonly stored: number;
  /** What it means once scaled: 0, or the value nearest to 0 that the format can hold. */
  readonly means: number;
  /** Its bytes in the file's byte order. */
  readonly bytes: Uint8Array;
}

/**
 * The stored number that means 0. Without an intercept that is 0. With one it is -intercept / slope, rounded to a whole
 * number and held within the range of an integer type: unsigned voxels with a positive intercept cannot express 0, and
 * then the lowest value they can express stands for "nothing here".
 */
export function storedZero({ dtype, littleEndian, scaling: { slope, intercept } }: StoredFormat): StoredZero {
  const { bytes: size, range } = dtypeFacts[dtype];
  const exact = intercept === 0 ? 0 : -intercept / slope;
  const whole = isFloat(dtype) ? exact : Math.round(exact);
  const stored = Math.min(range[1], Math.max(range[0], whole)) + 0;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (dtype === 'float32') view.setFloat32(0, stored, littleEndian);
  else if (dtype === 'float64') view.setFloat64(0, stored, littleEndian);
  else if (size === 8) view.setBigInt64(0, BigInt.asIntN(64, BigInt(stored)), littleEndian);
  else if (size === 4) view.setUint32(0, stored >>> 0, littleEndian);
  else if (size === 2) view.setUint16(0, stored & 0xffff, littleEndian);
  else view.setUint8(0, stored & 0xff);
  const kept = dtype === 'float32' ? view.getFloat32(0, littleEndian) : stored;
  return { stored: kept, means: kept * slope + intercept, bytes };
}
