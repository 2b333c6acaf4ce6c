import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ConversionEnd } from './conversionOutcome.ts';
import type { WasmConversion } from './dcm2niixWorker.ts';

export interface Conversion {
  /** Holds the files of one series and nothing else. */
  readonly inFolder: string;
  readonly outFolder: string;
  /** Where a program's own words go. They may name a patient: a private folder that is removed. */
  readonly logPath: string;
  readonly signal?: AbortSignal | undefined;
}

/** Turns the DICOM files of one series into NIfTI files in a folder. How it ended alone never means success. */
export interface Converter {
  /** Name and version, for the record. */
  readonly id: string;
  /** DICOM bytes of one series it can take. */
  readonly largestBytes: number;
  convert(conversion: Conversion): Promise<ConversionEnd>;
}

/**
 * Safe flags: sidecar without identities, not packed (we pack what we rewrite), user's defaults file ignored, nothing
 * overwritten, not cropped, comments cleared, and a file name that holds nothing of the header.
 */
export const safeOptions: readonly string[] = [
  ...['-b', 'y', '-ba', 'y', '-z', 'n', '-g', 'i', '-w', '2', '-x', 'n', '-c', '', '-f', 'series'],
];

/** dcm2niix built for WebAssembly, in a thread of its own, for machines without the native program. */
export const wasmConverter: Converter = {
  id: 'dcm2niix-wasm',
  largestBytes: 2 ** 30, // it holds input and output in one memory of at most 4 GB
  convert: async ({ inFolder, outFolder, signal }) => {
    const names = (await readdir(inFolder)).toSorted();
    const paths = names.map((name) => join(inFolder, name));
    signal?.throwIfAborted();
    return { ended: 'exited', exitCode: await inThread({ paths, outFolder, options: safeOptions }, signal) };
  },
};

function inThread(data: WasmConversion, signal: AbortSignal | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./dcm2niixWorker.${extension}`, import.meta.url), {
      workerData: data,
    });
    // Rejected only once the thread is gone, so that nothing writes into a folder that is being removed.
    const stop = (): void => {
      void worker.terminate().then(() => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
      });
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', (answer: { exitCode: number }) => {
      void worker.terminate().then(() => {
        resolve(answer.exitCode);
      });
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted !== true) {
        // A message that is on its way is taken first.
        setImmediate(() => {
          reject(new Error(`The converter thread ended with code ${code} before it answered.`));
        });
      }
    });
  });
}

/** Bytes of all files in a folder. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
  return bytes;
}
