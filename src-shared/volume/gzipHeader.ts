/** What a gzip file says about itself before its content (RFC 1952). */
export interface GzipHeader {
  readonly name: string | null;
  readonly comment: string | null;
  /** Bytes of the extra field. */
  readonly extraBytes: number;
  /** Seconds since 1970; 0 where none is given. */
  readonly time: number;
  /** 255 is unknown. */
  readonly system: number;
}

/** Reads the header of the first member; null where the bytes are not gzip. */
export function gzipHeader(bytes: Uint8Array): GzipHeader | null {
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return null;
  const flags = bytes[3];
  const time = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
  let at = 10;
  let extraBytes = 0;
  if ((flags & 4) !== 0) {
    extraBytes = bytes[at] + 256 * bytes[at + 1];
    at += 2 + extraBytes;
  }
  const text = (): string => {
    const end = bytes.indexOf(0, at);
    const read = new TextDecoder('latin1').decode(bytes.subarray(at, end < 0 ? bytes.length : end));
    at = end < 0 ? bytes.length : end + 1;
    return read;
  };
  const name = (flags & 8) !== 0 ? text() : null;
  const comment = (flags & 16) !== 0 ? text() : null;
  return { name, comment, extraBytes, time, system: bytes[9] };
}

/** What of a gzip header must not leave: name, comment, extra field, time. Empty for a silent header. */
export function gzipTells(header: GzipHeader): string[] {
  const tells: string[] = [];
  if (header.name !== null) tells.push('name');
  if (header.comment !== null) tells.push('comment');
  if (header.extraBytes > 0) tells.push('extra field');
  if (header.time !== 0) tells.push('time');
  return tells;
}
