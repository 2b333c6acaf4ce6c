import { Worker } from 'node:worker_threads';
import type { WasmConversion } from './dcm2niixWorker.ts';

/** Turns staged DICOM files into NIfTI files in a folder. The exit code is dcm2niix's; alone it never means success. */
export type Converter = (
  job: WasmConversion & { readonly signal?: AbortSignal },
) => Promise<{ readonly exitCode: number; readonly log: string }>;

/**
 * Safe flags: sidecar without identities, packed, user's defaults file ignored, nothing overwritten, comments cleared,
 * and a file name that holds nothing of the header.
 */
export const safeOptions: readonly string[] = [
  ...['-b', 'y', '-ba', 'y', '-z', 'y', '-g', 'i', '-w', '2', '-x', 'n', '-c', '', '-f', 'series'],
];

/** dcm2niix built for WebAssembly, in a thread of its own, for machines without the native program. */
export const wasmConverter: Converter = ({ paths, outFolder, options, signal }) =>
  new Promise((resolve, reject) => {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const data: WasmConversion = { paths, outFolder, options };
    const worker = new Worker(new URL(`./dcm2niixWorker.${extension}`, import.meta.url), {
      workerData: data,
    });
    const stop = (): void => {
      void worker.terminate();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    signal?.addEventListener('abort', stop, { once: true });
    worker.once('message', (answer: { exitCode: number; log: string }) => {
      resolve(answer);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(new Error(`The converter thread ended with code ${code} before it answered.`));
    });
  });
