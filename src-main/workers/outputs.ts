import { join } from 'node:path';
import type { OutputFile } from '../../src-shared/domain/study.ts';
import { sha256 } from '../files/hash.ts';
import { writeFileWhole } from '../files/writeFile.ts';

/** Writes a file of the study whole or not at all, and says what it wrote for the record. */
export async function writeOutput(
  folder: string,
  path: string,
  content: Uint8Array | string,
): Promise<OutputFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  // Parts of files lie in `work`, which is emptied when the study is opened: a kill leaves nothing among the results.
  await writeFileWhole(join(folder, path), bytes, { partFolder: join(folder, 'work') });
  return { path, sha256: sha256(bytes), bytes: bytes.length };
}
