import { resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { GivenMatch } from '../../src-shared/api/triageCalls.ts';
import type { Scan } from '../../src-shared/domain/study.ts';
import { matchPairs, type ImageFile, type Pair } from '../../src-shared/triage/matchPairs.ts';
import { isBelow } from '../files/insideOf.ts';
import { listCandidates } from '../files/listCandidates.ts';
import { probeNifti } from '../files/readVolume.ts';
import type { Engine } from './engine.ts';

export interface Refused {
  readonly path: string;
  readonly relativePath: string;
  readonly reason: string;
  readonly sentence: string;
}

/**
 * Images below a folder, masks left out, and those whose header can not be read. Throws `nothing-found`, and what
 * `listCandidates` throws for a folder that is not there.
 */
export async function imagesBelow(
  folder: string,
  signal?: AbortSignal,
): Promise<{ files: ImageFile[]; refused: Refused[] }> {
  const files: ImageFile[] = [];
  const refused: Refused[] = [];
  for await (const candidate of listCandidates(resolve(folder))) {
    signal?.throwIfAborted();
    if (candidate.kind === 'skipped') continue;
    const { path, relativePath } = candidate;
    if (/(mask|_brain)\.(nii|hdr)(\.gz)?$/i.test(relativePath)) continue;
    try {
      files.push({ path, relativePath, grid: (await probeNifti(path)).grid });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ path, relativePath, reason: error.code, sentence: error.message });
    }
  }
  if (files.length === 0) {
    throw new AppError(
      'nothing-found',
      'There is no image in this folder: no file whose name ends in .nii, .nii.gz or .hdr. DICOM has to be converted first.',
    );
  }
  return { files, refused };
}

export type SourceScan = ImageFile & { readonly scan: Scan };

/** Scans of the study that were taken up, of one folder or all, with their grids. */
export async function sourceScans({ scans }: Engine, folder: string | null): Promise<SourceScan[]> {
  const found: SourceScan[] = [];
  for (const scan of scans.list()) {
    if (scan.state !== 'ok' || (folder !== null && !isBelow(resolve(folder), scan.path))) continue;
    // An original that was moved away since can be nobody's; the others can.
    const header = await probeNifti(scan.path).catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
    if (header === null) continue;
    found.push({ path: scan.path, relativePath: scan.relativePath, grid: header.grid, scan });
  }
  return found;
}

export const alreadyMatched =
  'Another defaced file was matched with the same original. Take them in turn, each under a name of its own.';

/** The first pair of each original, in the order of names, and the pairs that are too many. */
export function oneEach(pairs: readonly Pair[]): { first: Pair[]; doubled: Pair[] } {
  const inOrder = pairs.toSorted((a, b) => (a.defaced.relativePath < b.defaced.relativePath ? -1 : 1));
  const seen = new Set<string>();
  const [first, doubled]: [Pair[], Pair[]] = [[], []];
  for (const pair of inOrder) {
    (seen.has(pair.original.path) ? doubled : first).push(pair);
    seen.add(pair.original.path);
  }
  return { first, doubled };
}

/** Which original each defaced file would be matched with; nothing is taken. Throws as `imagesBelow`. */
export async function matchGiven(
  engine: Engine,
  { originals, defaced }: { originals: string | null; defaced: string },
): Promise<GivenMatch> {
  const sources = originals === null ? await sourceScans(engine, null) : (await imagesBelow(originals)).files;
  const { files, refused } = await imagesBelow(defaced);
  const { pairs, unmatched } = matchPairs(sources, files);
  const { doubled } = oneEach(pairs);
  const matched = new Set(pairs.map(({ original }) => original.path));
  return {
    pairs: pairs
      .map((pair) => ({
        original: pair.original.relativePath,
        defaced: pair.defaced.relativePath,
        how: pair.how,
        doubled: doubled.includes(pair),
      }))
      .sort((a, b) => (a.defaced < b.defaced ? -1 : 1)),
    unmatched: [
      ...unmatched.map(({ file, reason }) => ({ defaced: file.relativePath, reason })),
      ...refused.map(({ relativePath, sentence }) => ({ defaced: relativePath, reason: sentence })),
    ],
    alone: sources.filter(({ path }) => !matched.has(path)).map(({ relativePath }) => relativePath),
  };
}
