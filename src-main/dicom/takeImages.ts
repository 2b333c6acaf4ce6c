import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { DicomSeries } from '../../src-shared/domain/dicomSeries.ts';
import { scrubSidecar } from '../../src-shared/domain/sidecar.ts';
import { parseNiftiImage } from '../../src-shared/volume/nifti.ts';
import { rewriteNifti } from '../../src-shared/volume/writeNifti.ts';
import { pack } from '../files/pack.ts';
import { readBytes } from '../files/readBytes.ts';
import { readSidecar } from '../files/readSidecar.ts';
import { unpackIfNeeded } from '../files/unpack.ts';
import { writeFileWhole } from '../files/writeFile.ts';

export interface TakenImages {
  /** Below the output folder, `/` between their parts. */
  readonly images: readonly string[];
  /** A sentence for every file that was left. */
  readonly refused: readonly string[];
  /** Slices in all files that show the series itself. */
  readonly slices: number;
}

const leastSlices = 10;

/** Endings dcm2niix gives to files that are no picture of the head. */
const noPicture: readonly (readonly [RegExp, string])[] = [
  [/_ROI\d*$/i, 'An overlay drawn on the scan, not the scan.'],
  [/_ph[a-z]?$/i, 'A phase image: it shows no anatomy by brightness.'],
  [/_(real|imaginary)[a-z]?$/i, 'A real or imaginary part, not a magnitude image.'],
];

/**
 * Takes converted files into the output folder: each 3D image of a head, one file after the other in memory, with its
 * header emptied of text, packed the same on every machine, and only the harmless part of its sidecar. `names` are given
 * in order and may be asked for as often as there are images. What was written is taken back if a later one fails.
 */
export async function takeImages(
  paths: readonly string[],
  series: Pick<DicomSeries, 'deidentificationCodes'>,
  {
    outFolder,
    partFolder,
    nameOf,
    accept,
    signal,
  }: {
    readonly outFolder: string;
    readonly partFolder: string;
    /** Path below the output folder of the image with this index, without ending. */
    readonly nameOf: (index: number) => string;
    /** Looked at before anything is written: slices that came out. */
    readonly accept?: (slices: number) => boolean;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<TakenImages & { readonly accepted: boolean }> {
  const good: string[] = [];
  const refused: string[] = [];
  let slices = 0;
  for (const path of paths.toSorted()) {
    const judged = await judge(path, paths);
    slices += judged.slices;
    if (judged.refusal === null) good.push(path);
    else refused.push(judged.refusal);
  }
  if (accept !== undefined && !accept(slices)) return { images: [], refused, slices, accepted: false };
  const images: string[] = [];
  try {
    for (const [index, path] of good.entries()) {
      signal?.throwIfAborted();
      const name = nameOf(index);
      images.push(`${name}.nii.gz`);
      await take(path, series, { target: join(outFolder, name), partFolder });
    }
    signal?.throwIfAborted();
  } catch (error) {
    await removeImages(outFolder, images);
    throw error;
  }
  return { images, refused, slices, accepted: true };
}

/** Removes images and their sidecars. */
export async function removeImages(outFolder: string, images: readonly string[]): Promise<void> {
  for (const image of images) {
    await rm(join(outFolder, image), { force: true });
    await rm(join(outFolder, image.replace(/\.nii\.gz$/, '.json')), { force: true });
  }
}

const stemOf = (path: string): string => basename(path).replace(/\.nii(\.gz)?$/i, '');

async function judge(
  path: string,
  all: readonly string[],
): Promise<{ readonly slices: number; readonly refusal: string | null }> {
  const stem = stemOf(path);
  const kind = noPicture.find(([ending]) => ending.test(stem));
  try {
    const { header } = parseNiftiImage(await unpackIfNeeded(await readBytes(path)));
    const [, , depth = 1] = header.dims;
    const slices = depth * header.volumeCount;
    if (kind !== undefined) return { slices: /_ROI/i.test(stem) ? 0 : slices, refusal: kind[1] };
    // Unevenly spaced slices come out twice: as they are, and resampled to even spacing.
    if (all.some((other) => stemOf(other).startsWith(`${stem}_Eq`))) {
      return { slices: 0, refusal: 'Slices unevenly spaced; the evenly resampled image is taken instead.' };
    }
    if (header.volumeCount > 1) {
      return { slices, refusal: `A series of ${header.volumeCount} volumes, not one head.` };
    }
    const thinnest = Math.min(...[0, 1, 2].map((axis) => header.dims[axis] ?? 1));
    const refusal = thinnest < leastSlices ? `Only ${thinnest} slices: too few for a head.` : null;
    return { slices, refusal };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { slices: 0, refusal: error.message };
  }
}

async function take(
  path: string,
  series: Pick<DicomSeries, 'deidentificationCodes'>,
  { target, partFolder }: { target: string; partFolder: string },
): Promise<void> {
  const image = parseNiftiImage(await unpackIfNeeded(await readBytes(path)));
  const bytes = rewriteNifti(image, image.stored, { clearText: true });
  const { fields } = await readSidecar(path);
  const codes = series.deidentificationCodes.map((CodeValue) => ({ CodeValue }));
  const sidecar = scrubSidecar({
    ...fields,
    ...(codes.length > 0 && { DeidentificationMethodCodeSequence: codes }),
  });
  // The sidecar first: an image is never there without it.
  await writeFileWhole(`${target}.json`, `${JSON.stringify(sidecar, null, 2)}\n`, { partFolder });
  await writeFileWhole(`${target}.nii.gz`, await pack(bytes), { partFolder });
}
