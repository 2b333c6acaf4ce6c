import { hostIsLittleEndian, swapped } from '../volume/byteOrder.ts';
import { extremes } from '../volume/otsu.ts';
import type { Volume } from '../volume/volume.ts';
import { encodeNifti } from '../volume/writeNifti.ts';

/** Whether every value is a whole number that int16 holds. */
export function fitsInt16({ values }: Volume): boolean {
  for (const v of values) if (v !== Math.round(v) || v < -32768 || v > 32767) return false;
  return true;
}

/**
 * A new NIfTI-1 file of int16 voxels with slope 0 (unscaled). Values that int16 cannot hold are brought to 0..32000 linearly;
 * a value of 0 stays 0 where none is negative. `true value = stored / factor + base`. Source of the layout: nifti1.h.
 */
export function encodeInt16(volume: Volume): {
  bytes: Uint8Array;
  values: Float32Array;
  factor: number;
  base: number;
} {
  const exact = fitsInt16(volume);
  const [lowest, highest] = extremes(volume.values);
  const base = exact ? 0 : Math.min(0, lowest);
  const factor = exact ? 1 : 32000 / (highest - base || 1);
  const whole = Int16Array.from(volume.values, (v) => Math.round((v - base) * factor));
  const values = Float32Array.from(whole);
  const header = encodeNifti({ ...volume, values: new Float32Array(0) }).subarray(0, 352);
  const bytes = new Uint8Array(352 + whole.byteLength);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  view.setFloat32(112, 0, true);
  const stored = new Uint8Array(whole.buffer);
  bytes.set(hostIsLittleEndian ? stored : swapped(stored, 2), 352);
  return { bytes, values, factor, base };
}
