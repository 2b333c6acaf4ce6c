import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { Unzip, UnzipInflate } from 'fflate';
import { AppError } from '../../src-shared/api/appError.ts';

/**
 * Unpacks a zip into `folder` as 000001, 000002, …: names inside an archive may identify a person or climb out of
 * the folder, so none of them is used. Stops with `zip-too-large` beyond `maxBytes` unpacked.
 */
export async function unpackZip(
  path: string,
  folder: string,
  { maxBytes = 32 * 2 ** 30, signal }: { maxBytes?: number; signal?: AbortSignal } = {},
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  const writers: Promise<unknown>[] = [];
  const state: { bytes: number; failure: Error | null; busy: Promise<unknown> | null } = {
    bytes: 0,
    failure: null,
    busy: null,
  };
  const unzip = new Unzip((entry) => {
    if (entry.name.endsWith('/')) return;
    const target = join(folder, String(paths.length + 1).padStart(6, '0'));
    const writer = createWriteStream(target, { flags: 'wx' });
    paths.push(target);
    writers.push(once(writer, 'close'));
    writer.on('error', (error) => (state.failure ??= error));
    entry.ondata = (error, chunk, final) => {
      if (error !== null) state.failure ??= error;
      state.bytes += chunk.length;
      if (state.bytes > maxBytes) state.failure ??= tooLarge(maxBytes);
      if (!writer.write(chunk)) state.busy = Promise.race([once(writer, 'drain'), once(writer, 'close')]);
      if (final || state.failure !== null) writer.end();
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
      unzip.push(chunk as Uint8Array);
      await state.busy;
      state.busy = null;
      if (state.failure !== null) break;
    }
    if (state.failure === null) unzip.push(new Uint8Array(0), true);
  } catch (error) {
    signal?.throwIfAborted();
    state.failure ??= error instanceof Error ? error : new Error(String(error));
  }
  const { failure } = state;
  if (failure instanceof AppError) throw failure;
  if (failure !== null) {
    throw new AppError(
      'zip-damaged',
      'A zip archive in this folder is damaged. Copy it again from its source.',
      {},
      { cause: failure },
    );
  }
  await Promise.all(writers);
  return paths;
}

const tooLarge = (maxBytes: number): AppError =>
  new AppError(
    'zip-too-large',
    'A zip archive unpacks to more than is allowed. Unpack it by hand and import the folder.',
    {
      maxBytes,
    },
  );
