import { AppError } from '../api/appError.ts';
import { spacingOf, type Affine } from './affine.ts';
import { hostIsLittleEndian, swapped } from './byteOrder.ts';
import { dtypeFacts, type Dtype } from './dtype.ts';
import type { NiftiImage } from './nifti.ts';
import type { Grid, LabelVolume, Mask, Volume } from './volume.ts';

export interface Rewriting {
  /**
   * Empties what may hold text about a person: descrip, aux_file, intent_name, db_name, data_type, unused fields of
   * text, extensions, and whatever lies between header and voxels.
   */
  readonly clearText: boolean;
}

/**
 * The file again with other stored voxels: header bytes, type, scaling and byte order stay. A pair becomes one file.
 * `stored` has the length of the image's own.
 */
export function rewriteNifti(image: NiftiImage, stored: Uint8Array, { clearText }: Rewriting): Uint8Array {
  const { header, headerBytes } = image;
  if (stored.byteLength !== header.voxelBytes) throw new RangeError('stored voxels of another length');
  const least = header.version === 1 ? 352 : 544;
  const before = clearText ? least : Math.max(least, Math.ceil(headerBytes.byteLength / 16) * 16);
  const offset = header.pair || clearText ? before : header.voxelOffset;
  const file = new Uint8Array(offset + stored.byteLength);
  file.set(headerBytes.subarray(0, clearText ? least - 4 : Math.min(headerBytes.byteLength, offset)));
  file.set(stored, offset);
  const view = new DataView(file.buffer);
  if (header.version === 1) {
    view.setFloat32(108, offset, header.littleEndian);
    file[345] = '+'.charCodeAt(0);
  } else {
    view.setBigInt64(168, BigInt(offset), header.littleEndian);
    file[5] = '+'.charCodeAt(0);
  }
  if (clearText) for (const [start, end] of textFields[header.version]) file.fill(0, start, end);
  return file;
}

/** Byte ranges of text in the header (nifti1.h, nifti2.h): the fields named above in the order of the header. */
const textFields = {
  1: [[4, 32], [32, 38], [148, 252], [328, 344]],
  2: [[240, 344], [508, 524], [525, 540]],
} as const; // prettier-ignore

export interface NewFile {
  /** NIfTI form code of both forms: 1 scanner (default), 2 aligned, 4 MNI 152. */
  readonly formCode?: 1 | 2 | 3 | 4;
}

/**
 * A new NIfTI-1 file, not packed, without text: uint8 for a mask or labels, float32 or float64 for a volume as its values
 * are. The sform is exact to float32; the qform is given where the axes are perpendicular, which it cannot express
 * otherwise. Throws `nifti-dims` for an axis beyond 32 767.
 */
export function encodeNifti(image: Volume | Mask | LabelVolume, { formCode = 1 }: NewFile = {}): Uint8Array {
  const voxels = 'bits' in image ? image.bits : 'labels' in image ? image.labels : image.values;
  const dtype: Dtype =
    voxels instanceof Uint8Array ? 'uint8' : voxels instanceof Float64Array ? 'float64' : 'float32';
  const size = dtypeFacts[dtype].bytes;
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const file = new Uint8Array(352 + bytes.byteLength);
  writeHeader(new DataView(file.buffer), image, dtype, formCode);
  file.set(hostIsLittleEndian ? bytes : swapped(bytes, size), 352);
  return file;
}

function writeHeader(view: DataView, { shape, affine }: Grid, dtype: Dtype, formCode: number): void {
  if (shape.some((n) => n > 32767)) {
    throw new AppError('nifti-dims', 'This image is too large for a NIfTI-1 file.', { shape });
  }
  const spacing = spacingOf(affine);
  const quaternion = quaternionOf(affine);
  view.setInt32(0, 348, true);
  view.setUint8(38, 'r'.charCodeAt(0));
  [3, ...shape, 1, 1, 1, 1].forEach((n, axis) => view.setInt16(40 + 2 * axis, n, true));
  view.setInt16(70, dtypeFacts[dtype].code, true);
  view.setInt16(72, dtypeFacts[dtype].bytes * 8, true);
  [quaternion?.qfac ?? 1, ...spacing].forEach((mm, axis) => view.setFloat32(76 + 4 * axis, mm, true));
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2); // millimetres
  if (quaternion !== null) {
    view.setInt16(252, formCode, true);
    [...quaternion.bcd, affine[3], affine[7], affine[11]].forEach((v, n) =>
      view.setFloat32(256 + 4 * n, v, true),
    );
  }
  view.setInt16(254, formCode, true);
  affine.forEach((v, n) => view.setFloat32(280 + 4 * n, v, true));
  [0x6e, 0x2b, 0x31].forEach((byte, n) => view.setUint8(344 + n, byte));
}

/** nifti1.h, method 2 the other way round; null where the axes are not perpendicular. */
function quaternionOf(m: Affine): { qfac: 1 | -1; bcd: readonly [number, number, number] } | null {
  const s = spacingOf(m);
  const column = (c: number): number[] => [m[c] / s[c], m[4 + c] / s[c], m[8 + c] / s[c]];
  const dot = (u: number[], v: number[]): number => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const [x, y, z] = [column(0), column(1), column(2)];
  if (Math.max(Math.abs(dot(x, y)), Math.abs(dot(y, z)), Math.abs(dot(x, z))) > 1e-4) return null;
  const cross = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
  const qfac = dot(cross, z) < 0 ? -1 : 1;
  const [r11, r21, r31] = x;
  const [r12, r22, r32] = y;
  const [r13, r23, r33] = z.map((v) => v * qfac);
  // The largest component is found first, so that nothing is divided by a small number.
  const squares = [1 + r11 + r22 + r33, 1 + r11 - r22 - r33, 1 - r11 + r22 - r33, 1 - r11 - r22 + r33];
  const largest = squares.indexOf(Math.max(...squares));
  const big = Math.sqrt(squares[largest]) / 2;
  const f = 1 / (4 * big);
  const [a, b, c, d] = [
    [big, (r32 - r23) * f, (r13 - r31) * f, (r21 - r12) * f],
    [(r32 - r23) * f, big, (r12 + r21) * f, (r13 + r31) * f],
    [(r13 - r31) * f, (r12 + r21) * f, big, (r23 + r32) * f],
    [(r21 - r12) * f, (r13 + r31) * f, (r23 + r32) * f, big],
  ][largest];
  return { qfac, bcd: a < 0 ? [-b, -c, -d] : [b, c, d] };
}
