import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '../../src-shared/api/appError.ts';

const inflate = promisify(gunzip);

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Largest unpacked file taken into memory, 4 GB: beyond it a packed file is a mistake or a trap. */
export const largestUnpackedBytes = 4 * 1024 ** 3 - 1;

/**
 * `bytes` unpacked where they are gzip, all members, checksum and length checked; else as they are. Throws
 * `gzip-damaged` for a file cut short or changed and `file-too-large` beyond `largestUnpackedBytes`.
 */
export async function unpackIfNeeded(bytes: Uint8Array): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await inflate(bytes, { maxOutputLength: largestUnpackedBytes, chunkSize: 1 << 20 });
  } catch (cause) {
    throw unpackError(cause);
  }
}

/** The AppError for an error of zlib. */
export function unpackError(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new AppError(
      'file-too-large',
      'This file unpacks to more than 4 GB, more than a head scan can be.',
      {},
      { cause },
    );
  }
  return new AppError(
    'gzip-damaged',
    'This packed file (.gz) is damaged or was cut short. Copy it again from its source.',
    { zlibCode: code },
    { cause },
  );
}
