import { join } from 'node:path';
import type { Verification } from '../../src-shared/api/contract.ts';
import { AppError } from '../../src-shared/api/appError.ts';
import type { OutputFile } from '../../src-shared/domain/study.ts';
import { sha256 } from '../files/hash.ts';
import { readBytes } from '../files/readBytes.ts';

/** Reads every file the study recorded and compares its hash: what is missing, changed or unreadable. */
export async function verifyStudy(
  folder: string,
  outputs: Iterable<OutputFile>,
): Promise<Omit<Verification, 'records'>> {
  const problems: { path: string; problem: 'missing' | 'changed' | 'unreadable' }[] = [];
  let files = 0;
  for (const { path, sha256: expected } of outputs) {
    files++;
    try {
      if (sha256(await readBytes(join(folder, path))) !== expected)
        problems.push({ path, problem: 'changed' });
    } catch (error) {
      const missing = error instanceof AppError && error.code === 'file-missing';
      problems.push({ path, problem: missing ? 'missing' : 'unreadable' });
    }
  }
  return { files, problems };
}
