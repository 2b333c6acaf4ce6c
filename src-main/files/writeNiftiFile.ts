import { encodeNifti, type NewFile } from '../../src-shared/volume/writeNifti.ts';
import type { LabelVolume, Mask, Volume } from '../../src-shared/volume/volume.ts';
import { pack } from './pack.ts';
import { writeFileWhole } from './writeFile.ts';

/** Writes a new image; packed where the name ends in `.gz`. Errors as `writeFileWhole`. */
export async function writeImage(
  path: string,
  image: Volume | Mask | LabelVolume,
  options?: NewFile,
): Promise<void> {
  await writeNiftiBytes(path, encodeNifti(image, options));
}

/** Writes a finished NIfTI file (of `applyRemoval`, for one); packed where the name ends in `.gz`. */
export async function writeNiftiBytes(path: string, bytes: Uint8Array): Promise<void> {
  await writeFileWhole(path, path.toLowerCase().endsWith('.gz') ? await pack(bytes) : bytes);
}
