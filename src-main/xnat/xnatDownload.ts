import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '../../src-shared/api/appError.ts';
import { writeError } from '../files/writeFile.ts';
import type { XnatConnection } from './xnatConnection.ts';

interface RemoteFile {
  readonly uri: string;
  readonly bytes: number;
  /** MD5 in hex where the server has one, else empty. */
  readonly digest: string;
  /** What the file is called here: a number and its ending. Names on a server may identify a person. */
  readonly name: string;
}

export interface DownloadProgress {
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytes: number;
}

const tries = 3;

/**
 * Fetches one resource of a scan into `folder`. Files that are complete there (size, and digest where the server gives
 * one) are not fetched again, so the same call resumes; a file is written beside and renamed when its size is right.
 * A broken transfer is tried three times, then `xnat-transfer-broken`.
 */
export async function downloadResource(
  connection: XnatConnection,
  scan: { readonly experimentId: string; readonly scanId: string; readonly resource: string },
  folder: string,
  {
    signal,
    report,
  }: { readonly signal?: AbortSignal; readonly report?: (progress: DownloadProgress) => void } = {},
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = await filesOf(connection, scan, signal);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let bytesDone = 0;
  const paths: string[] = [];
  for (const [filesDone, file] of files.entries()) {
    report?.({ filesDone, files: files.length, bytesDone, bytes });
    const path = join(folder, file.name);
    if (!(await isComplete(path, file))) await fetchFile(connection, file, path, signal);
    bytesDone += file.bytes;
    paths.push(path);
  }
  report?.({ filesDone: files.length, files: files.length, bytesDone, bytes });
  return paths;
}

async function filesOf(
  connection: XnatConnection,
  scan: { readonly experimentId: string; readonly scanId: string; readonly resource: string },
  signal?: AbortSignal,
): Promise<RemoteFile[]> {
  const [experiment, id, resource] = [scan.experimentId, scan.scanId, scan.resource].map(encodeURIComponent);
  const listing = `data/experiments/${experiment}/scans/${id}/resources/${resource}/files`;
  const files: RemoteFile[] = [];
  const numbers = new Map<string, number>();
  for await (const row of connection.rows(listing, {}, signal && { signal })) {
    const ending = /(\.nii\.gz|\.nii|\.json|\.img|\.hdr|\.zip)$/i.exec(row.Name)?.[1] ?? '';
    // An image and its sidecar share a number, so that they are still recognised as one.
    const stem = ending === '' ? row.Name : row.Name.slice(0, -ending.length);
    const number = numbers.get(stem) ?? numbers.size + 1;
    numbers.set(stem, number);
    files.push({
      uri: row.URI,
      bytes: Number(row.Size),
      digest: (row as { digest?: string }).digest ?? '',
      name: `${String(number).padStart(5, '0')}${ending === '' ? '.dcm' : ending.toLowerCase()}`,
    });
  }
  return files;
}

async function fetchFile(
  connection: XnatConnection,
  file: RemoteFile,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const part = `${path}.part`;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await connection.get(file.uri, signal && { signal });
      if (answer.body === null) throw new Error('an answer without a body');
      await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(part), { signal });
      if (!(await isComplete(part, file))) throw new Error('size or checksum differ from the listing');
      await rename(part, path);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      await rm(part, { force: true });
      if (isOfDisk(error)) throw writeError(error);
      if (error instanceof AppError) throw error;
      if (attempt === tries) {
        throw new AppError(
          'xnat-transfer-broken',
          'A file arrived incomplete three times. Start the download again: it goes on with this file.',
          { attempt },
          { cause: error },
        );
      }
    }
  }
}

const isOfDisk = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(String(error.code));

async function isComplete(path: string, file: RemoteFile): Promise<boolean> {
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  );
  if (size === null || (Number.isFinite(file.bytes) && size !== file.bytes)) return false;
  if (!/^[0-9a-f]{32}$/i.test(file.digest)) return true;
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === file.digest.toLowerCase();
}
