import { dtypeFacts, isFloat } from './dtype.ts';
import type { StoredFormat } from './storedValues.ts';

/**
 * Writes true values into stored voxels: the nearest number the format can hold, integers rounded and held within the
 * range of their type. The inverse of `trueValues` up to that rounding.
 */
export function storedWriter(
  stored: Uint8Array,
  { dtype, littleEndian, scaling: { slope, intercept } }: StoredFormat,
): (voxel: number, value: number) => void {
  const { bytes: size, range } = dtypeFacts[dtype];
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  return (voxel, value) => {
    const at = voxel * size;
    const exact = (value - intercept) / slope;
    const whole = isFloat(dtype) ? exact : Math.round(exact);
    const held = Math.min(range[1], Math.max(range[0], whole)) + 0;
    if (dtype === 'float32') view.setFloat32(at, held, littleEndian);
    else if (dtype === 'float64') view.setFloat64(at, held, littleEndian);
    else if (size === 8) view.setBigInt64(at, BigInt.asIntN(64, BigInt(held)), littleEndian);
    else if (size === 4) view.setUint32(at, held >>> 0, littleEndian);
    else if (size === 2) view.setUint16(at, held & 0xffff, littleEndian);
    else view.setUint8(at, held & 0xff);
  };
}
