import { AppError } from '../../src-shared/api/appError.ts';
import {
  headerProbeBytes,
  parseNiftiHeader,
  parseNiftiImage,
  type NiftiHeader,
  type NiftiImage,
} from '../../src-shared/volume/nifti.ts';
import { shownVolume } from '../../src-shared/volume/shownVolume.ts';
import { sameGrid, type Grid, type Mask, type Volume } from '../../src-shared/volume/volume.ts';
import { findPair } from './niftiPair.ts';
import { readBytes } from './readBytes.ts';
import { unpackBeginning } from './unpackBeginning.ts';
import { unpackIfNeeded } from './unpack.ts';

/**
 * A NIfTI file, packed or not, or either file of a pair. Throws AppError: `file-*` of readBytes, `gzip-damaged`, and
 * those of parseNiftiImage.
 */
export async function readNifti(path: string): Promise<NiftiImage> {
  return parseStored(await readStored(path));
}

export interface StoredNifti {
  /** The file named, as stored; of a pair the `.hdr`. */
  readonly file: Uint8Array;
  /** The `.img` of a pair, as stored. */
  readonly voxelFile?: Uint8Array;
}

/** The bytes on disk, before unpacking: what the hash of a file is made of. */
export async function readStored(path: string): Promise<StoredNifti> {
  const { headerPath, voxelPath } = await findPair(path);
  const file = await readBytes(headerPath);
  return voxelPath === null ? { file } : { file, voxelFile: await readBytes(voxelPath) };
}

export async function parseStored({ file, voxelFile }: StoredNifti): Promise<NiftiImage> {
  const header = await unpackIfNeeded(file);
  return parseNiftiImage(header, voxelFile === undefined ? undefined : await unpackIfNeeded(voxelFile));
}

/** The true values of a 3D file. Errors as `readNifti`, and `nifti-4d`. */
export async function readVolume(path: string): Promise<Volume> {
  return (await readNifti(path)).volume();
}

/** The volume that stands for a file: see `shownVolume`. Errors as `readNifti`. */
export async function readShown(path: string): Promise<Volume> {
  return shownVolume(await readNifti(path));
}

/** The header, without reading or unpacking the voxels. Errors as `readNifti` but for missing or damaged voxels. */
export async function probeNifti(path: string): Promise<NiftiHeader> {
  const { headerPath } = await findPair(path);
  return parseNiftiHeader(await unpackBeginning(headerPath, headerProbeBytes));
}

/**
 * A mask from an image: 1 where its value is above 0.5. With `grid` it must lie on that grid, else `mask-wrong-grid`.
 */
export async function readMask(path: string, grid?: Grid): Promise<Mask> {
  const { shape, affine, values } = await readVolume(path);
  if (grid !== undefined && !sameGrid({ shape, affine }, grid, 1e-2)) {
    throw new AppError('mask-wrong-grid', 'This mask does not lie on the grid of the scan it is meant for.', {
      maskShape: shape,
      scanShape: grid.shape,
    });
  }
  const bits = new Uint8Array(values.length);
  for (let n = 0; n < bits.length; n++) bits[n] = values[n] > 0.5 ? 1 : 0;
  return { shape, affine, bits };
}
