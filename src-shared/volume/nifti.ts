import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { AppError } from '../api/appError.ts';
import type { Matrix } from './affine.ts';
import { dtypeFacts, dtypeOfCode } from './dtype.ts';
import { affineFromHeader, type OrientationSource } from './niftiAffine.ts';
import { trueValues, type StoredFormat } from './storedValues.ts';
import { voxelCount, type Grid, type Shape, type Volume } from './volume.ts';

export type NiftiWarning = 'no-orientation' | 'units-not-mm' | 'intercept-not-finite' | 'bits-disagree';

/** What the header says, checked. */
export interface NiftiHeader extends StoredFormat {
  readonly version: 1 | 2;
  /** Header and voxels in two files, `.hdr` and `.img`. */
  readonly pair: boolean;
  /** All axes, without the count in front: 3D is `[nx, ny, nz]`. Trailing axes of length 1 are left out. */
  readonly dims: readonly number[];
  readonly grid: Grid;
  /** Product of the axes beyond the third. */
  readonly volumeCount: number;
  readonly orientationSource: OrientationSource;
  readonly sformCode: number;
  readonly qformCode: number;
  /** Where voxels begin in the file that holds them. */
  readonly voxelOffset: number;
  /** Bytes of all voxels of all volumes. */
  readonly voxelBytes: number;
  readonly warnings: readonly NiftiWarning[];
}

/** An unpacked image file: its header, and its bytes as they are stored. */
export interface NiftiImage {
  readonly header: NiftiHeader;
  readonly grid: Grid;
  /** The header and all that lies before the voxels (for a pair the whole `.hdr`). */
  readonly headerBytes: Uint8Array;
  /** The voxels as stored, all volumes, without what may follow them. */
  readonly stored: Uint8Array;
  /** True values of one volume, in memory of its own. Throws `nifti-4d` where there are several and none is named. */
  volume(index?: number): Volume;
}

const standardSize = { 1: 348, 2: 540 } as const;
/** Bytes a probe has to unpack. */
export const headerProbeBytes = 544;

/**
 * Reads an unpacked NIfTI-1 or -2 file; `voxelFile` is the unpacked `.img` of a pair. Throws AppError with `not-nifti`,
 * `nifti-header`, `nifti-dims`, `nifti-dtype`, `nifti-affine`, `nifti-truncated` or `nifti-image-missing`.
 */
export function parseNiftiImage(bytes: Uint8Array | ArrayBuffer, voxelFile?: Uint8Array): NiftiImage {
  const file = plain(bytes);
  const header = parseNiftiHeader(file);
  if (header.pair && voxelFile === undefined) {
    throw new AppError(
      'nifti-image-missing',
      'This header (.hdr) has no voxels: its .img file is missing beside it.',
    );
  }
  const source = header.pair && voxelFile !== undefined ? plain(voxelFile) : file;
  const end = header.voxelOffset + header.voxelBytes;
  if (source.byteLength < end) {
    throw new AppError(
      'nifti-truncated',
      'This file is shorter than its header says: part of the image is missing. Copy or convert it again.',
      { expectedBytes: end, foundBytes: source.byteLength },
    );
  }
  const stored = source.subarray(header.voxelOffset, end);
  return {
    header,
    grid: header.grid,
    headerBytes: header.pair ? file : file.subarray(0, header.voxelOffset),
    stored,
    volume: (index) => volumeOf(header, stored, index),
  };
}

/** The true values of a 3D image. Errors as `parseNiftiImage`, and `nifti-4d` for several volumes. */
export function parseNifti(bytes: Uint8Array | ArrayBuffer): Volume {
  return parseNiftiImage(bytes).volume();
}

function volumeOf(header: NiftiHeader, stored: Uint8Array, index?: number): Volume {
  if (index === undefined && header.volumeCount > 1) {
    throw new AppError('nifti-4d', 'This file holds several volumes (4D). Choose one of them.', {
      volumeCount: header.volumeCount,
    });
  }
  const bytes = voxelCount(header.grid.shape) * dtypeFacts[header.dtype].bytes;
  const start = (index ?? 0) * bytes;
  if (start < 0 || start + bytes > stored.byteLength) {
    throw new RangeError(`volume ${index ?? 0} of ${header.volumeCount}`);
  }
  return { ...header.grid, values: trueValues(stored.subarray(start, start + bytes), header) };
}

/** Reads the header alone; `beginning` may end after it. Errors as `parseNiftiImage` but for `nifti-truncated`. */
export function parseNiftiHeader(beginning: Uint8Array): NiftiHeader {
  const bytes = plain(beginning);
  const version = versionOf(bytes);
  const size = standardSize[version];
  // The library reads the fields. It is given the fixed part only, because it fails on extensions of size 0.
  const fixed = bytes.slice(0, size);
  const fields = version === 1 ? new NIFTI1() : new NIFTI2();
  fields.readHeader(fixed.buffer);
  const littleEndian = fields.littleEndian;
  const view = new DataView(fixed.buffer);
  const pair = String.fromCharCode(fixed[version === 1 ? 345 : 5]) === 'i';
  const dims = checkedDims(version === 1 ? fields.dims : int64s(view, 16, 8, littleEndian));
  const shape: Shape = [dims[0], dims[1] ?? 1, dims[2] ?? 1];
  const volumeCount = dims.slice(3).reduce((product, n) => product * n, 1);
  const dtype = dtypeOfCode(fields.datatypeCode);
  const { affine, source } = affineFromHeader({
    shape,
    qfac: fields.pixDims[0],
    pixdim: [fields.pixDims[1], fields.pixDims[2], fields.pixDims[3]],
    qformCode: fields.qform_code,
    quaternion: [fields.quatern_b, fields.quatern_c, fields.quatern_d],
    qoffset: [fields.qoffset_x, fields.qoffset_y, fields.qoffset_z],
    sformCode: fields.sform_code,
    // Not the library's affine: it prefers the qform when that has the higher code, and knows none in NIfTI-2.
    srow: srowOf(view, version, littleEndian),
  });
  const warnings: NiftiWarning[] = [];
  if (source === 'spacing') warnings.push('no-orientation');
  const unit = fields.xyzt_units & 7;
  if (unit === 1 || unit === 3) warnings.push('units-not-mm');
  const scaled = Number.isFinite(fields.scl_slope) && fields.scl_slope !== 0;
  if (scaled && !Number.isFinite(fields.scl_inter)) warnings.push('intercept-not-finite');
  if (fields.numBitsPerVoxel !== dtypeFacts[dtype].bytes * 8) warnings.push('bits-disagree');
  const offset = version === 1 ? fields.vox_offset : int64s(view, 168, 1, littleEndian)[0];
  return {
    version,
    pair,
    littleEndian,
    dims,
    grid: { shape, affine },
    volumeCount,
    dtype,
    scaling: {
      slope: scaled ? fields.scl_slope : 1,
      intercept: scaled && Number.isFinite(fields.scl_inter) ? fields.scl_inter : 0,
    },
    orientationSource: source,
    sformCode: fields.sform_code,
    qformCode: fields.qform_code,
    voxelOffset: checkedOffset(offset, pair ? 0 : size + 4),
    voxelBytes: voxelCount(shape) * volumeCount * dtypeFacts[dtype].bytes,
    warnings,
  };
}

/** Never Node's Buffer, whose `slice` is no copy. */
function plain(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function versionOf(bytes: Uint8Array): 1 | 2 {
  const text = (start: number): string => String.fromCharCode(...bytes.subarray(start, start + 3));
  if (bytes.byteLength >= 348 && /^n[+i]1$/.test(text(344)) && sizeField(bytes) === 348) return 1;
  if (bytes.byteLength >= 540 && /^n[+i]2$/.test(text(4)) && sizeField(bytes) === 540) return 2;
  throw new AppError('not-nifti', 'This file is not a NIfTI image, whatever its name says.');
}

function sizeField(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  const little = view.getInt32(0, true);
  return little === 348 || little === 540 ? little : view.getInt32(0, false);
}

function checkedDims(raw: readonly number[]): number[] {
  const count = raw[0];
  const dims = raw.slice(1, count + 1);
  if (!(count >= 1 && count <= 7) || dims.some((n) => !(n >= 1 && n <= 2 ** 31))) {
    throw new AppError(
      'nifti-dims',
      'The header of this image states an impossible size. The file may be damaged.',
      {
        dims: [...raw],
      },
    );
  }
  while (dims.length > 3 && dims.at(-1) === 1) dims.pop();
  return dims;
}

function checkedOffset(offset: number, least: number): number {
  if (offset === 0) return least;
  if (!Number.isInteger(offset) || offset < least) {
    throw new AppError(
      'nifti-header',
      'The header of this image says that its voxels begin inside the header.',
      {
        offset,
      },
    );
  }
  return offset;
}

function srowOf(view: DataView, version: 1 | 2, littleEndian: boolean): Matrix {
  const row = (n: number): number =>
    version === 1 ? view.getFloat32(280 + 4 * n, littleEndian) : view.getFloat64(400 + 8 * n, littleEndian);
  return Array.from({ length: 12 }, (_, n) => row(n)) as unknown as Matrix;
}

function int64s(view: DataView, start: number, count: number, littleEndian: boolean): number[] {
  return Array.from({ length: count }, (_, n) => Number(view.getBigInt64(start + 8 * n, littleEndian)));
}
