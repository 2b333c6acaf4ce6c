import { opendir, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { DicomSeries } from '../../src-shared/domain/dicomSeries.ts';
import { readDicomHeader } from './dicomHeader.ts';
import { unpackZip } from './unpackZip.ts';

/** A series and the files it is made of. The paths stay in the engine. */
export interface FoundSeries {
  readonly series: DicomSeries;
  readonly paths: readonly string[];
}

export interface SeriesScan {
  readonly found: readonly FoundSeries[];
  /** Files that were looked at and are no DICOM image. */
  readonly otherFiles: number;
  /** Archives that could not be unpacked, and folders that could not be opened, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Looks through a folder, nested, extensionless and zipped, and groups its DICOM images by series. Only headers are
 * read; archives are unpacked below `unpackFolder`, which the caller removes. Symbolic links are followed once.
 */
export async function scanSeries(
  folder: string,
  options: {
    readonly key: string;
    readonly unpackFolder: string;
    readonly signal?: AbortSignal;
    readonly report?: (filesSeen: number) => void;
  },
): Promise<SeriesScan> {
  const groups = new Map<string, { series: DicomSeries; paths: string[]; slices: number }>();
  const problems: string[] = [];
  let seen = 0;
  let otherFiles = 0;

  const look = async (path: string): Promise<void> => {
    options.signal?.throwIfAborted();
    if (++seen % 50 === 0) options.report?.(seen);
    if (await isZip(path)) {
      try {
        const inside = await unpackZip(path, join(options.unpackFolder, String(seen)), options);
        for (const file of inside) await look(file);
      } catch (error) {
        options.signal?.throwIfAborted();
        problems.push(error instanceof Error ? error.message : String(error));
      }
      return;
    }
    const facts = await readDicomHeader(path, options.key).catch(() => null);
    if (facts === null) {
      otherFiles++;
      return;
    }
    const group = groups.get(facts.seriesKey);
    if (group === undefined)
      groups.set(facts.seriesKey, { series: facts, paths: [path], slices: facts.files });
    else {
      group.paths.push(path);
      group.slices += facts.files;
    }
  };

  for await (const path of walk(folder, problems, new Set())) await look(path);
  options.report?.(seen);
  const found = [...groups.values()].map(({ series, paths, slices }) => ({
    series: { ...series, files: slices, unusable: series.unusable ?? tooFewSlices(slices) },
    paths,
  }));
  found.sort((a, b) => (order(a.series) < order(b.series) ? -1 : 1));
  return { found, otherFiles, problems };
}

const order = (series: DicomSeries): string => `${series.personKey} ${series.visitKey} ${series.seriesKey}`;

const tooFewSlices = (slices: number): string | null =>
  slices < 10 ? `Only ${slices} slices: too few for a head.` : null;

async function* walk(folder: string, problems: string[], visited: Set<string>): AsyncGenerator<string> {
  try {
    const real = await realpath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() || entry.isSymbolicLink()) yield* walk(path, problems, visited);
      else if (entry.isFile()) yield path;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR') yield folder;
    else problems.push(`A folder could not be opened (${code ?? 'unknown error'}). Check its permissions.`);
  }
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } finally {
    await file.close();
  }
}
