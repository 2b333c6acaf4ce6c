import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is given: DICOM files, where the results go, and the options before the folders. */
export interface WasmConversion {
  readonly paths: readonly string[];
  readonly outFolder: string;
  readonly options: readonly string[];
}

interface Emscripten {
  readonly FS: {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    readdir(path: string): string[];
    readFile(path: string): Uint8Array;
  };
  callMain(args: string[]): number;
}

// The package's exports name only its browser entry; the module itself runs under Node as well.
const { default: start } = (await import(
  new URL('./dcm2niix.jpeg.js', import.meta.resolve('@niivue/dcm2niix')).href
)) as {
  default: (options: object) => Promise<Emscripten>;
};

const { paths, outFolder, options } = workerData as WasmConversion;
const lines: string[] = [];
const note = (line: string): void => void lines.push(line);
const program = await start({ print: note, printErr: note });
program.FS.mkdir('/in');
program.FS.mkdir('/out');
for (const [index, path] of paths.entries()) {
  program.FS.writeFile(`/in/${String(index).padStart(6, '0')}.dcm`, readFileSync(path));
}
const exitCode = program.callMain([...options, '-o', '/out', '/in']);
for (const name of program.FS.readdir('/out')) {
  if (!name.startsWith('.'))
    writeFileSync(join(outFolder, name), program.FS.readFile(`/out/${name}`), { flag: 'wx' });
}
parentPort?.postMessage({ exitCode, log: lines.join('\n') });
