/** Whether this machine stores the lowest byte first. */
export const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A copy of `bytes`, starting at an address every number type accepts, with the bytes of each `size`-byte number reversed. */
export function swapped(bytes: Uint8Array, size: 1 | 2 | 4 | 8): Uint8Array {
  const copy = bytes.slice();
  if (size === 2) {
    const words = new Uint16Array(copy.buffer);
    for (let n = 0; n < words.length; n++) words[n] = (words[n] << 8) | (words[n] >>> 8);
  } else if (size === 4) {
    const words = new Uint32Array(copy.buffer);
    for (let n = 0; n < words.length; n++) words[n] = reversed(words[n]);
  } else if (size === 8) {
    const words = new Uint32Array(copy.buffer);
    for (let n = 0; n < words.length; n += 2) {
      const first = reversed(words[n]);
      words[n] = reversed(words[n + 1]);
      words[n + 1] = first;
    }
  }
  return copy;
}

function reversed(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** `bytes` themselves where a number type of `size` bytes can be laid over them, else a copy where it can. */
export function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}
