import { open, readFile } from 'node:fs/promises';
import { AppError } from '../../src-shared/api/appError.ts';

/** The file as stored. Throws `file-missing`, `file-forbidden`, `file-too-large` or `file-unreadable`. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw readError(cause);
  }
}

/** At most the first `count` bytes. Errors as `readBytes`. */
export async function readBeginning(path: string, count: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readError(cause);
  }
}

/** The AppError for an error of the file system; it does not repeat the path, which may name a person. */
export function readError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const systemCode = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const [code, sentence] = sentences[systemCode] ?? [
    'file-unreadable',
    'The system could not read this file. Check the disk or network drive it is on.',
  ];
  return new AppError(code, sentence, { systemCode }, { cause });
}

const forbidden = [
  'file-forbidden',
  'You may not read this file or folder. Ask its owner for permission to read it.',
] as const;
const missing = ['file-missing', 'This file is not there (any more).'] as const;
const sentences: Readonly<Record<string, readonly [code: string, sentence: string] | undefined>> = {
  EACCES: forbidden,
  EPERM: forbidden,
  ENOENT: missing,
  ENOTDIR: missing,
  EISDIR: ['file-unreadable', 'This is a folder, not a file.'],
  ELOOP: ['file-unreadable', 'This link leads in a circle.'],
  ERR_FS_FILE_TOO_LARGE: ['file-too-large', 'This file is larger than 4 GB, more than a head scan can be.'],
};
