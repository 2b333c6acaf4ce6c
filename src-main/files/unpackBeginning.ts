import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { isGzip, unpackError } from './unpack.ts';
import { readBeginning, readError } from './readBytes.ts';

/** The first `count` bytes of what the file holds, unpacked; fewer where it holds fewer. Reads no more than it needs. */
export async function unpackBeginning(path: string, count: number): Promise<Uint8Array> {
  const beginning = await readBeginning(path, count);
  if (!isGzip(beginning)) return beginning;
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    const source = createReadStream(path, { highWaterMark: 16384 });
    const unpacker = createGunzip({ chunkSize: 16384 });
    const finish = (settle: () => void): void => {
      source.destroy();
      unpacker.destroy();
      settle();
    };
    source.on('error', (cause) => finish(() => reject(readError(cause))));
    unpacker.on('error', (cause) => finish(() => reject(unpackError(cause))));
    unpacker.on('data', (part: Uint8Array) => {
      parts.push(part);
      length += part.byteLength;
      if (length >= count) finish(() => resolve(new Uint8Array(Buffer.concat(parts).subarray(0, count))));
    });
    unpacker.on('end', () => finish(() => resolve(new Uint8Array(Buffer.concat(parts)))));
    source.pipe(unpacker);
  });
}
