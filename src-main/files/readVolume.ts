import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseNifti } from '../../src-shared/volume/nifti.ts';
import type { Volume } from '../../src-shared/volume/volume.ts';

const unpack = promisify(gunzip);

export async function readVolume(path: string): Promise<Volume> {
  const stored = await readFile(path);
  const bytes = stored[0] === 0x1f && stored[1] === 0x8b ? await unpack(stored) : stored;
  return parseNifti(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}
