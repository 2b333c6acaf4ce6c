import { faceSurface } from '../../src-shared/regions/faceSurface.ts';
import { faceSurvival } from '../../src-shared/regions/faceSurvival.ts';
import { pointFates } from '../../src-shared/regions/pointFate.ts';
import { nearestSkin, regionPlaces } from '../../src-shared/regions/regionsOfMesh.ts';
import type { Registration } from '../../src-shared/registration/registerToTemplate.ts';
import { headField, headMesh, tissueDistances } from '../../src-shared/views/headMesh.ts';
import { spacingOf } from '../../src-shared/volume/affine.ts';
import { canonicalMask, canonicalVolume } from '../../src-shared/volume/canonical.ts';
import { packBits } from '../../src-shared/volume/packedBits.ts';
import type { Volume } from '../../src-shared/volume/volume.ts';
import { readMask, readShown } from '../files/readVolume.ts';
import { answer } from './answer.ts';
import { sharedTemplate } from './builtInRemovals.ts';

/** Level and darkest value of an original's head, as `findHead` gave them. */
export interface SkinLevel {
  readonly level: number;
  readonly darkest: number;
}

/** Bytes for the screens with what is needed to read them. */
export interface DisplayBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly facts: Readonly<Record<string, unknown>>;
}

type Numbers = Float32Array | Uint32Array | Int16Array | Uint8Array;

const bytesOf = (array: Numbers): Uint8Array<ArrayBuffer> =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

/** One after the other. */
function joined(arrays: readonly Numbers[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(bytesOf(array), at);
    at += array.byteLength;
  }
  return bytes;
}

/** The voxels in canonical order, in the smallest type that holds every value: uint8, int16, else float32. */
async function volume({ path }: { path: string }): Promise<DisplayBytes> {
  const { shape, affine, values } = canonicalVolume(await readShown(path));
  const type = smallestType(values);
  const array =
    type === 'uint8'
      ? new Uint8Array(values)
      : type === 'int16'
        ? new Int16Array(values)
        : new Float32Array(values);
  return { bytes: bytesOf(array), facts: { shape, affine, spacingMm: spacingOf(affine), type } };
}

function smallestType(values: Volume['values']): 'uint8' | 'int16' | 'float32' {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value !== Math.trunc(value)) return 'float32';
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low >= 0 && high < 256 ? 'uint8' : low >= -32_768 && high < 32_768 ? 'int16' : 'float32';
}

/** A mask in canonical order, packed. */
async function mask({ path }: { path: string }): Promise<DisplayBytes> {
  const { shape, bits } = canonicalMask(await readMask(path));
  return { bytes: packBits(bits), facts: { shape } };
}

interface SurfaceOrder {
  readonly path: string;
  readonly skin: SkinLevel;
  /** Also how far from its tissue every place is: wanted of defacings, to show how deep they cut. */
  readonly distances: boolean;
}

/** A head's surface: positions, normals (float32), indices (uint32), and distances (uint8) where wanted. */
async function surface({ path, skin, distances }: SurfaceOrder): Promise<DisplayBytes> {
  const field = headField(await readShown(path), skin);
  const { positions, normals, indices } = headMesh(field);
  const facts = { vertices: positions.length / 3, triangles: indices.length / 3 };
  if (!distances) return { bytes: joined([positions, normals, indices]), facts: { ...facts, grid: null } };
  const { shape, affine, quarterMm } = tissueDistances(field);
  return {
    bytes: joined([positions, normals, indices, quarterMm]),
    facts: { ...facts, grid: { shape, affine } },
  };
}

/**
 * For each vertex of the original's surface its region of the face, 0 for none, then for each what became of it
 * (`pointFates`). Facts say where each region lies.
 */
async function face(data: {
  original: string;
  defaced: string;
  skin: SkinLevel;
  registration: Registration | null;
}): Promise<DisplayBytes> {
  const scan = await readShown(data.original);
  const { skin: level, registration } = data;
  const surface = faceSurface({ scan, level, registration, template: await sharedTemplate() });
  const defaced = await readShown(data.defaced);
  const { fates, reason } = faceSurvival({ surface, original: scan, defaced, level });
  const nearest = nearestSkin(headMesh(headField(scan, level)).positions, surface);
  const both = new Uint8Array(2 * nearest.length);
  for (const [vertex, n] of nearest.entries()) {
    both[vertex] = n < 0 ? 0 : surface.regions[n];
    both[nearest.length + vertex] = n < 0 || reason !== null ? pointFates.unknown : fates[n];
  }
  return { bytes: bytesOf(both), facts: { places: regionPlaces(surface), reason } };
}

answer({ volume, mask, surface, face }, ({ bytes }: DisplayBytes) => [bytes.buffer]);
