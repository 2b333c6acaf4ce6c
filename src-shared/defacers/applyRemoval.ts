import { AppError } from '../api/appError.ts';
import { dtypeFacts, isFloat } from '../volume/dtype.ts';
import { parseNiftiImage, type NiftiImage } from '../volume/nifti.ts';
import { storedWriter } from '../volume/storedWriter.ts';
import { storedZero } from '../volume/storedZero.ts';
import { countInside, sameGrid, voxelCount, voxelMl, type Grid, type Mask } from '../volume/volume.ts';
import { rewriteNifti } from '../volume/writeNifti.ts';

/** Read back from the finished bytes, not taken from what was meant to be written. */
export interface RemovalProof {
  /** Shape equal and affine equal to the last bit. */
  readonly sameGrid: boolean;
  /** Every voxel outside the removal has the original's stored bits, in every volume. */
  readonly keptVoxelsIdentical: boolean;
  /** Every voxel inside it holds the stored zero; null where the tool put another face there. */
  readonly removedVoxelsEmpty: boolean | null;
  /** Every voxel inside it holds what the tool put there, as near as the number type can; null where it put nothing. */
  readonly replacedVoxelsAsGiven: boolean | null;
  /** Voxels of the mask. */
  readonly removedVoxels: number;
  readonly removedMl: number;
  /** Removed voxels that held something else before, over all volumes: 0 means that nothing changed. */
  readonly alteredVoxels: number;
  /** null without a brain mask. */
  readonly brainVoxels: number | null;
  readonly brainRemovedVoxels: number | null;
  readonly brainRemovedMl: number | null;
}

export interface Applied {
  /** The whole file, not packed. */
  readonly bytes: Uint8Array;
  readonly proof: RemovalProof;
  /** What removed voxels mean now: 0, or the value nearest to it where the file's scaling cannot express 0. */
  readonly removedMeans: number;
}

export interface Removal {
  readonly image: NiftiImage;
  /** On the image's own grid, 1 where it is to be removed. */
  readonly removal: Mask;
  /** On the image's own grid, to count what of it went. */
  readonly brain?: Mask | undefined;
  /** One mask for all volumes of a 4D image; without it such an image is refused. */
  readonly allVolumes?: boolean;
  /** See `rewriteNifti`. */
  readonly clearText?: boolean;
  /** True values a refacing tool put in place of the face, one a voxel of the grid; only for 3D. Without it zero is stored. */
  readonly replacement?: ArrayLike<number> | undefined;
}

/**
 * The one step that takes voxels away, for every tool: the original's file with the stored zero written where the mask
 * is set (or what a refacing tool put there), and the proof that nothing else changed. Throws `mask-wrong-grid` and `nifti-4d`, and `removal-not-proven`
 * where the finished bytes do not read back as they must.
 */
export function applyRemoval({
  image,
  removal,
  brain,
  allVolumes = false,
  clearText = false,
  replacement,
}: Removal): Applied {
  for (const mask of brain === undefined ? [removal] : [removal, brain]) requireGrid(mask, image.grid);
  const { header } = image;
  if (header.volumeCount > 1 && !allVolumes) {
    throw new AppError(
      'nifti-4d',
      'This file holds several volumes (4D). Allow one mask for all of them, or split it.',
      {
        volumeCount: header.volumeCount,
      },
    );
  }
  const zero = storedZero(header);
  if (replacement !== undefined && header.volumeCount > 1) throw new Error('one face for many volumes');
  const stored = emptied(image.stored, removal.bits, zero.bytes);
  if (replacement !== undefined) fill(stored, image, removal.bits, replacement);
  const bytes = rewriteNifti(image, stored, { clearText });
  const proof = prove(image, bytes, { removal, brain, zero: zero.bytes, replacement });
  const insideRight = proof.removedVoxelsEmpty ?? proof.replacedVoxelsAsGiven ?? false;
  if (!proof.sameGrid || !proof.keptVoxelsIdentical || !insideRight) {
    throw new AppError(
      'removal-not-proven',
      'The defaced image did not read back as written, so it was not kept.',
      {
        ...proof,
      },
    );
  }
  return { bytes, proof, removedMeans: zero.means };
}

function requireGrid(mask: Mask, grid: Grid): void {
  if (sameGrid(mask, grid) && mask.bits.length === voxelCount(grid.shape)) return;
  throw new AppError('mask-wrong-grid', 'This mask does not lie on the grid of the scan it is meant for.', {
    maskShape: mask.shape,
    scanShape: grid.shape,
  });
}

function emptied(stored: Uint8Array, bits: Uint8Array, zero: Uint8Array): Uint8Array {
  const out = stored.slice();
  const size = zero.length;
  const count = bits.length;
  for (let volume = 0; volume < out.length; volume += count * size) {
    if (size === 1) {
      for (let n = 0; n < count; n++) if (bits[n] !== 0) out[volume + n] = zero[0];
      continue;
    }
    for (let n = 0; n < count; n++) if (bits[n] !== 0) out.set(zero, volume + n * size);
  }
  return out;
}

function fill(
  stored: Uint8Array,
  { header }: NiftiImage,
  bits: Uint8Array,
  replacement: ArrayLike<number>,
): void {
  const write = storedWriter(stored, header);
  for (let n = 0; n < bits.length; n++) if (bits[n] !== 0) write(n, replacement[n]);
}

/** Half a step of the stored numbers, with what float32 loses; beyond the range of the type only the border counts. */
function holdsAsGiven(written: NiftiImage, bits: Uint8Array, replacement: ArrayLike<number>): boolean {
  const { dtype, scaling } = written.header;
  const { values } = written.volume();
  const [a, b] = dtypeFacts[dtype].range.map((stored) => stored * scaling.slope + scaling.intercept);
  const step = isFloat(dtype) ? 0 : Math.abs(scaling.slope) / 2;
  for (let n = 0; n < bits.length; n++) {
    if (bits[n] === 0) continue;
    const wanted = Math.min(Math.max(a, b), Math.max(Math.min(a, b), replacement[n]));
    if (Math.abs(values[n] - wanted) > step + Math.abs(wanted) * 1e-5 + 1e-6) return false;
  }
  return true;
}

interface Claim {
  readonly replacement: ArrayLike<number> | undefined;
  readonly removal: Mask;
  readonly brain: Mask | undefined;
  readonly zero: Uint8Array;
}

function prove(
  image: NiftiImage,
  bytes: Uint8Array,
  { removal, brain, zero, replacement }: Claim,
): RemovalProof {
  const written = parseNiftiImage(bytes);
  const size = dtypeFacts[image.header.dtype].bytes;
  const { bits } = removal;
  const [before, after] = [image.stored, written.stored];
  let [kept, empty, alteredVoxels] = [before.length === after.length, true, 0];
  for (let start = 0, n = 0; start < before.length; start += size) {
    if (bits[n] === 0) {
      for (let b = start; b < start + size; b++) if (before[b] !== after[b]) kept = false;
    } else {
      let altered = 0;
      for (let b = 0; b < size; b++) {
        if (after[start + b] !== zero[b]) empty = false;
        if (after[start + b] !== before[start + b]) altered = 1;
      }
      alteredVoxels += altered;
    }
    if (++n === bits.length) n = 0;
  }
  const removedVoxels = countInside(bits);
  const brainRemoved = brain === undefined ? null : countCommon(bits, brain.bits);
  const ml = voxelMl(image.grid);
  return {
    sameGrid: sameGrid(written.grid, image.grid, 0),
    keptVoxelsIdentical: kept,
    removedVoxelsEmpty: replacement === undefined ? empty : null,
    replacedVoxelsAsGiven: replacement === undefined ? null : holdsAsGiven(written, bits, replacement),
    removedVoxels,
    removedMl: removedVoxels * ml,
    alteredVoxels,
    brainVoxels: brain === undefined ? null : countInside(brain.bits),
    brainRemovedVoxels: brainRemoved,
    brainRemovedMl: brainRemoved === null ? null : brainRemoved * ml,
  };
}

function countCommon(a: Uint8Array, b: Uint8Array): number {
  let n = 0;
  for (let at = 0; at < a.length; at++) n += a[at] & b[at];
  return n;
}
