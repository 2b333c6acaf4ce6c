import { rewriteNifti } from './writeNifti.ts';
import type { NiftiHeader, NiftiImage } from './nifti.ts';

/** Text fields of the header by their names in nifti1.h and nifti2.h, with their bytes. */
const fields: Readonly<Record<1 | 2, Readonly<Record<string, readonly [start: number, end: number]>>>> = {
  1: {
    data_type: [4, 14],
    db_name: [14, 32],
    descrip: [148, 228],
    aux_file: [228, 252],
    intent_name: [328, 344],
  },
  2: { descrip: [240, 320], aux_file: [320, 344], intent_name: [508, 524], unused: [525, 540] },
};

export interface HeaderText {
  /** Name of the field, `extension`, or `slack` for what lies between header and voxels or was unused. */
  readonly field: string;
  /** Printable text in it; may be empty where the bytes are none. */
  readonly text: string;
}

const printable = (bytes: Uint8Array): string =>
  new TextDecoder('latin1')
    .decode(bytes)
    .replace(/[^\x20-\x7e\xa0-\xff]+/g, ' ')
    .trim();

/** Everything before the voxels that could hold text about a person and is not empty. */
export function headerTexts({
  header,
  headerBytes,
}: {
  readonly header: Pick<NiftiHeader, 'version'>;
  readonly headerBytes: Uint8Array;
}): HeaderText[] {
  const found: HeaderText[] = [];
  const known = Object.entries(fields[header.version]);
  for (const [field, [start, end]] of known) {
    const bytes = headerBytes.subarray(start, end);
    if (bytes.some((byte) => byte !== 0)) found.push({ field, text: printable(bytes) });
  }
  const size = header.version === 1 ? 348 : 540;
  const after = headerBytes.subarray(size);
  if (after.some((byte) => byte !== 0)) {
    const field = after[0] !== 0 ? 'extension' : 'slack';
    found.push({ field, text: printable(after) });
  }
  return found;
}

/** The same image with nothing but numbers before its voxels. */
export const withoutText = (image: NiftiImage): Uint8Array =>
  rewriteNifti(image, image.stored, { clearText: true });
