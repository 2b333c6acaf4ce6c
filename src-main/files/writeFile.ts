import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';

/**
 * Writes a file so that it is there whole or not at all: beside its place, forced to disk, then renamed into it. Folders
 * are made as needed. What is left by a process that is killed lies in `partFolder`, which must be on the same disk. Throws `disk-full`, `folder-forbidden` or `file-not-written`, and leaves nothing half-written.
 */
export async function writeFileWhole(
  path: string,
  bytes: Uint8Array | string,
  { partFolder = dirname(path) }: { partFolder?: string } = {},
): Promise<void> {
  const beside = join(partFolder, `.${basename(path).slice(0, 40)}.${randomUUID().slice(0, 8)}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(partFolder, { recursive: true });
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw writeError(cause);
  }
}

/** The AppError for an error of the file system while writing. */
export function writeError(cause: unknown): AppError {
  const systemCode = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const [code, sentence] = sentences[systemCode] ?? [
    'file-not-written',
    'The system could not write a file of the study. Check the disk or network drive it is on.',
  ];
  return new AppError(code, sentence, { systemCode }, { cause });
}

const full = [
  'disk-full',
  'The disk is full. Make room and run the same again: finished work is kept.',
] as const;
const forbidden = [
  'folder-forbidden',
  'You may not write into this folder. Choose another folder or ask its owner for permission.',
] as const;
const sentences: Readonly<Record<string, readonly [code: string, sentence: string] | undefined>> = {
  ENOSPC: full,
  EDQUOT: full,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
};
