import { aligned, hostIsLittleEndian, swapped } from './byteOrder.ts';
import { dtypeFacts, isFloat, type Dtype } from './dtype.ts';

export interface Scaling {
  /** Never 0; 1 where the file states none. */
  readonly slope: number;
  readonly intercept: number;
}

export interface StoredFormat {
  readonly dtype: Dtype;
  readonly littleEndian: boolean;
  readonly scaling: Scaling;
}

type NumberArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * True values of stored voxels: stored x slope + intercept. Float32 where that keeps all stored values apart, Float64
 * for wider types. NaN and infinities, which some programs write around a brain, read as 0. The result owns its memory.
 */
export function trueValues(stored: Uint8Array, format: StoredFormat): Float32Array | Float64Array {
  const { slope, intercept } = format.scaling;
  const numbers = storedNumbers(stored, format);
  const values = new (needsDouble(format) ? Float64Array : Float32Array)(numbers.length);
  if (slope === 1 && intercept === 0) values.set(numbers);
  else for (let n = 0; n < values.length; n++) values[n] = numbers[n] * slope + intercept;
  if (isFloat(format.dtype)) {
    for (let n = 0; n < values.length; n++) if (values[n] - values[n] !== 0) values[n] = 0;
  }
  return values;
}

/** Numbers as stored, before scaling; 64-bit integers as the nearest doubles. May share memory with `stored`. */
export function storedNumbers(
  stored: Uint8Array,
  { dtype, littleEndian }: Pick<StoredFormat, 'dtype' | 'littleEndian'>,
): NumberArray {
  const size = dtypeFacts[dtype].bytes;
  const native = littleEndian === hostIsLittleEndian || size === 1;
  const bytes = native ? aligned(stored, size) : swapped(stored, size);
  const at = [bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / size)] as const;
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(...at);
    case 'int8':
      return new Int8Array(...at);
    case 'uint16':
      return new Uint16Array(...at);
    case 'int16':
      return new Int16Array(...at);
    case 'uint32':
      return new Uint32Array(...at);
    case 'int32':
      return new Int32Array(...at);
    case 'float32':
      return new Float32Array(...at);
    case 'float64':
      return new Float64Array(...at);
    case 'uint64':
    case 'int64':
      return doublesOf64Bit(bytes, dtype === 'int64');
  }
}

function doublesOf64Bit(bytes: Uint8Array, signed: boolean): Float64Array {
  const count = Math.floor(bytes.byteLength / 8);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * 2);
  const [low, high] = hostIsLittleEndian ? [0, 1] : [1, 0];
  const out = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const top = words[2 * n + high];
    out[n] = (signed ? top | 0 : top) * 4294967296 + words[2 * n + low];
  }
  return out;
}

/** Beyond 24 bits, or where the intercept is so large that float32 would merge neighbouring stored values. */
function needsDouble({ dtype, scaling: { slope, intercept } }: StoredFormat): boolean {
  if (dtype === 'float32') return false;
  if (dtypeFacts[dtype].bytes > 2) return true;
  const largest = Math.abs(slope) * 65536 + Math.abs(intercept);
  return Math.abs(slope) < largest / 4194304;
}
