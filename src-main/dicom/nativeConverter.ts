import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../tools/findTools.ts';
import { runProgram } from '../tools/runProgram.ts';
import { toolEnvironment } from '../tools/toolEnvironment.ts';
import { safeOptions, wasmConverter, type Converter } from './converter.ts';

type Inherited = Readonly<Record<string, string | undefined>>;

const timeoutMs = 30 * 60_000;

export interface FoundDcm2niix {
  readonly path: string;
  /** `v1.0.20220720`; null where it does not say. */
  readonly version: string | null;
}

/** The native dcm2niix on PATH; null where there is none. Its version is asked from itself (exit 3 is usual for that). */
export async function findDcm2niix(inherited: Inherited): Promise<FoundDcm2niix | null> {
  const path = await findProgram('dcm2niix', {}, inherited);
  if (path === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'defaceqa-dcm2niix-'));
  try {
    const { lastOutput } = await run(path, ['--version'], { folder, inherited, timeoutMs: 30_000 });
    return { path, version: /^v\d+\.\d+\.\d+\S*/m.exec(lastOutput)?.[0] ?? null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** dcm2niix as a program: no shell, a group of its own, half an hour at most, nothing inherited but what it needs. */
export function nativeConverter({ path, version }: FoundDcm2niix, inherited: Inherited): Converter {
  return {
    id: `dcm2niix ${version ?? 'of unknown version'}`,
    largestBytes: Number.MAX_SAFE_INTEGER,
    convert: async ({ inFolder, outFolder, logPath, signal }) => {
      const end = await run(path, [...safeOptions, '-o', outFolder, inFolder], {
        folder: dirname(logPath),
        logPath,
        inherited,
        timeoutMs,
        signal,
      });
      signal?.throwIfAborted();
      return { ended: end.ended === 'cancelled' ? 'killed' : end.ended, exitCode: end.exitCode };
    },
  };
}

/** The native program where there is one, else the one that comes with the product. */
export async function chooseConverter(inherited: Inherited): Promise<Converter> {
  const found = await findDcm2niix(inherited);
  return found === null ? wasmConverter : nativeConverter(found, inherited);
}

function run(
  path: string,
  args: readonly string[],
  options: {
    folder: string;
    inherited: Inherited;
    timeoutMs: number;
    logPath?: string;
    signal?: AbortSignal | undefined;
  },
): ReturnType<typeof runProgram> {
  const { folder, inherited } = options;
  const plain = { file: path, args, env: {} };
  const env = toolEnvironment({ command: plain, places: {}, folder, inherited });
  return runProgram({
    command: { ...plain, env },
    folder,
    logPath: options.logPath ?? join(folder, 'log'),
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  });
}
