import type { Volume } from '../volume/volume.ts';

/**
 * 1 where a voxel holds exactly 0 or exactly the darkest value of the volume: what programs write where they take
 * something away. A scanner's air is noise and seldom exactly one value; where it is, it does not border bright tissue.
 */
export function voidsOf({ values }: Volume, darkest: number): Uint8Array {
  const bits = new Uint8Array(values.length);
  for (let n = 0; n < bits.length; n++) bits[n] = values[n] === 0 || values[n] === darkest ? 1 : 0;
  return bits;
}
