import { AppError } from '../../src-shared/api/appError.ts';
import { identify } from '../../src-shared/domain/scanIdentity.ts';
import type { ScanIdentity, ScanImage, ScanState } from '../../src-shared/domain/scan.ts';
import { spacingOf } from '../../src-shared/volume/affine.ts';
import { obliquityDegrees } from '../../src-shared/volume/canonical.ts';
import type { NiftiHeader, NiftiImage } from '../../src-shared/volume/nifti.ts';
import { extremes } from '../../src-shared/volume/otsu.ts';
import type { Candidate } from './listCandidates.ts';
import { contentHash, sha256 } from './hash.ts';
import { readSidecar, type Sidecar } from './readSidecar.ts';
import { parseStored, readStored, type StoredNifti } from './readVolume.ts';

/** What import records of one file. Whether it is a duplicate is for whoever knows the other files: see `duplicateOf`. */
export interface Inspected {
  readonly path: string;
  readonly relativePath: string;
  readonly state: Exclude<ScanState, 'duplicate'>;
  /** A sentence for the person importing, with the remedy; empty for `ok`. It names no file and no person. */
  readonly reason: string;
  /** The code behind `unreadable` and `no-orientation`, else null. */
  readonly errorCode: string | null;
  readonly identity: ScanIdentity;
  readonly sidecarState: Sidecar['state'];
  readonly sidecar: Readonly<Record<string, unknown>> | null;
  /** SHA-256 of the file as it lies on disk (of a pair, header then voxels); null where it could not be read at all. */
  readonly fileHash: string | null;
  /** SHA-256 of voxels and affine; null where there is no whole image. */
  readonly contentHash: string | null;
  /** null where the header could not be used. */
  readonly image: ScanImage | null;
}

/** Shortest extent a head scan can have along any axis, and fewest voxels along it. */
export const leastExtentMm = 60;
export const leastVoxels = 16;

/**
 * Reads a candidate whole, hashes it and says what it is. Never throws for a bad file: that is a state. Memory: the file
 * unpacked and one volume of its values.
 */
export async function inspectFile(candidate: Candidate): Promise<Inspected> {
  const { path, relativePath } = candidate;
  const sidecar = await readSidecar(path);
  const base = {
    path,
    relativePath,
    identity: identify(relativePath, sidecar.fields),
    sidecarState: sidecar.state,
    sidecar: sidecar.fields,
  };
  let fileHash: string | null = null;
  try {
    const stored: StoredNifti = await readStored(path);
    fileHash = sha256(stored.file, stored.voxelFile ?? new Uint8Array());
    const image = await parseStored(stored);
    const facts = { ...base, fileHash, contentHash: contentHash(image), image: imageFacts(image.header) };
    return { ...facts, errorCode: null, ...stateOf(image) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const state = error.code === 'nifti-affine' ? 'no-orientation' : 'unreadable';
    return {
      ...base,
      fileHash,
      contentHash: null,
      image: null,
      state,
      reason: error.message,
      errorCode: error.code,
    };
  }
}

function stateOf(image: NiftiImage): Pick<Inspected, 'state' | 'reason'> {
  const { header, grid } = image;
  if (header.dims.length < 3 || grid.shape.includes(1)) {
    return {
      state: 'not-3d',
      reason: 'This is a single slice or a line, not a volume. Convert the whole series.',
    };
  }
  const extents = spacingOf(grid.affine).map((mm, axis) => mm * grid.shape[axis]);
  if (Math.min(...grid.shape) < leastVoxels || Math.min(...extents) < leastExtentMm) {
    return {
      state: 'too-small',
      reason: `This volume is too small for a head: less than ${leastVoxels} voxels or ${leastExtentMm} mm along an axis.`,
    };
  }
  if (header.volumeCount > 1) {
    return {
      state: '4d',
      reason: `This file holds ${header.volumeCount} volumes (4D). It can be defaced with one mask for all of them if you ask for it.`,
    };
  }
  const { values } = image.volume();
  const [low, high] = extremes(values);
  if (!(high > low)) {
    return {
      state: 'no-signal',
      reason: 'Every voxel of this image has the same value: there is nothing to see in it.',
    };
  }
  if (values.every((value) => value === low || value === high)) {
    return { state: 'no-signal', reason: 'This image holds two values only: it is a mask, not a scan.' };
  }
  if (header.orientationSource === 'spacing') {
    return {
      state: 'no-orientation',
      reason:
        'The header does not say how the head lies (no sform, no qform), so left and right are a guess. ' +
        'Convert it again from its source, or take it up as it is if you know its orientation.',
    };
  }
  return { state: 'ok', reason: '' };
}

function imageFacts(header: NiftiHeader): ScanImage {
  return {
    shape: header.grid.shape,
    spacingMm: spacingOf(header.grid.affine),
    dtype: header.dtype,
    volumeCount: header.volumeCount,
    orientationSource: header.orientationSource,
    obliquityDegrees: obliquityDegrees(header.grid.affine),
  };
}
