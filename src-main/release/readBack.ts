import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  identitiesIn,
  identifyingShapes,
  type IdentityToken,
} from '../../src-shared/release/identityTokens.ts';
import { gzipHeader, gzipTells } from '../../src-shared/volume/gzipHeader.ts';
import { headerTexts } from '../../src-shared/volume/headerText.ts';
import { parseNiftiImage } from '../../src-shared/volume/nifti.ts';
import { readBytes } from '../files/readBytes.ts';
import { unpackIfNeeded } from '../files/unpack.ts';

/** Something that must not leave: where it is and of what kind, never what it says. */
export interface Leak {
  /** Below the folder. */
  readonly path: string;
  readonly place: 'file name' | 'header' | 'gzip header' | 'text' | 'behind the voxels';
  readonly kind: string;
}

/** What the people who make the data set wrote about themselves, which is meant to be read. */
const spokenFor = /^(dataset_description\.json|README\.md|CHANGES|LICENSE|manifest-sha256\.txt)$/;

/**
 * Opens every file of a folder again and searches names, headers and texts for what is known of people, and for shapes
 * that identify whoever they belong to. Empty where nothing was found.
 */
export async function readBack(folder: string, tokens: readonly IdentityToken[]): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const path of await filesBelow(folder)) {
    for (const kind of identitiesIn(path, tokens)) leaks.push({ path, place: 'file name', kind });
    const stored = await readBytes(join(folder, path));
    if (path.endsWith('.nii.gz')) leaks.push(...(await imageLeaks(path, stored)));
    else leaks.push(...textLeaks(path, Buffer.from(stored).toString('utf8'), tokens));
  }
  return leaks;
}

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

async function imageLeaks(path: string, stored: Uint8Array): Promise<Leak[]> {
  const leaks: Leak[] = [];
  const packed = gzipHeader(stored);
  const tells = packed === null ? ['not packed'] : gzipTells(packed);
  for (const kind of tells) leaks.push({ path, place: 'gzip header', kind });
  const bytes = await unpackIfNeeded(stored);
  const image = parseNiftiImage(bytes);
  for (const { field } of headerTexts(image)) leaks.push({ path, place: 'header', kind: field });
  if (bytes.length > image.header.voxelOffset + image.header.voxelBytes)
    leaks.push({ path, place: 'behind the voxels', kind: 'bytes' });
  return leaks;
}

/** Values of tables and sidecars are searched one by one; prose is ours, but for what is known of people. */
function textLeaks(path: string, text: string, tokens: readonly IdentityToken[]): Leak[] {
  if (spokenFor.test(path)) {
    // Ordinary words make up our own sentences: only long pieces are told from chance.
    return identitiesIn(text, tokens.filter(({ folded }) => folded.length >= 8)).map((kind) => ({ path, place: 'text', kind })); // prettier-ignore
  }
  const values = path.endsWith('.json')
    ? valuesOf(JSON.parse(text))
    : text.split(/\r?\n/).slice(1).flatMap((line) => line.split('\t')); // prettier-ignore
  const own = path.endsWith('.json') && !path.includes('/');
  return values.flatMap((value) =>
    [...(own ? [] : identitiesIn(value, tokens)), ...shapesIn(path, value)].map((kind) => ({
      path,
      place: 'text' as const,
      kind,
    })),
  );
}

/** Measurements are numbers with many digits and no identity. */
const shapesIn = (path: string, value: string): string[] =>
  (path.endsWith('.tsv') && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) || value.startsWith('bids:')
    ? []
    : identifyingShapes(value);

function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesOf);
  return [];
}
