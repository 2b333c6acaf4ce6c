/** Eight voxels of a mask in a byte, the first in its lowest bit: what travels to a window is an eighth as much. */
export function packBits(bits: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(Math.ceil(bits.length / 8));
  for (let n = 0; n < bits.length; n++) if (bits[n] !== 0) packed[n >> 3] |= 1 << (n & 7);
  return packed;
}

/** The mask of `count` voxels, 0 or 1 each. */
export function unpackBits(packed: Uint8Array, count: number): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(count);
  for (let byte = 0; byte < packed.length; byte++) {
    // Most bytes lie outside, and are done.
    for (let rest = packed[byte], n = byte * 8; rest !== 0; rest >>= 1, n++) bits[n] = rest & 1;
  }
  return bits;
}
