import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeError } from '../files/writeFile.ts';

export interface HashedFiles {
  /** One path for each file that differs from the others, in the order of their hashes. */
  readonly paths: readonly string[];
  /** SHA-256 over the hashes of the files: the same for the same files, whatever their names and order. */
  readonly sha256: string;
}

/** Reads every file once and leaves out those that are there twice. Throws the system's own error. */
export async function hashFiles(paths: readonly string[], signal?: AbortSignal): Promise<HashedFiles> {
  const byHash = new Map<string, string>();
  for (const path of paths) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash, ...(signal === undefined ? [] : [{ signal }]));
    const hex = hash.digest('hex');
    if (!byHash.has(hex)) byHash.set(hex, path);
  }
  const hashes = [...byHash.keys()].sort();
  return {
    paths: hashes.map((hash) => byHash.get(hash) ?? ''),
    sha256: createHash('sha256').update(hashes.join('\n')).digest('hex'),
  };
}

/**
 * Puts files into a new folder under numbers: names may identify a person or confuse a program. A hard link where the
 * disk allows it, which costs no room, else a copy. Throws `disk-full` or `folder-forbidden`.
 */
export async function stageFiles(
  paths: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, path] of paths.entries()) {
    signal?.throwIfAborted();
    const target = join(folder, `${String(index + 1).padStart(6, '0')}.dcm`);
    await link(path, target).catch(async () => {
      await copyFile(path, target).catch((cause: unknown) => {
        throw writeError(cause);
      });
    });
  }
}
