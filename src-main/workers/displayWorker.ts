import { depthOfCut, headMesh } from '../../src-shared/views/headMesh.ts';
import { spacingOf } from '../../src-shared/volume/affine.ts';
import { canonicalMask, canonicalVolume } from '../../src-shared/volume/canonical.ts';
import { readMask, readShown } from '../files/readVolume.ts';
import { faceSurface } from '../../src-shared/regions/faceSurface.ts';
import { faceSurvival } from '../../src-shared/regions/faceSurvival.ts';
import { pointFates } from '../../src-shared/regions/pointFate.ts';
import { nearestSkin, regionPlaces } from '../../src-shared/regions/regionsOfMesh.ts';
import type { Registration } from '../../src-shared/registration/registerToTemplate.ts';
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

const bytesOf = (array: Float32Array | Uint32Array | Int16Array | Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

/** The voxels in canonical order: int16 where that holds every value, else float32. */
async function volume({ path }: { path: string }): Promise<DisplayBytes> {
  const { shape, affine, values } = canonicalVolume(await readShown(path));
  const whole = values.every((value) => Number.isInteger(value) && Math.abs(value) < 32_768);
  const array = whole ? Int16Array.from(values) : Float32Array.from(values);
  const facts = { shape, affine, spacingMm: spacingOf(affine), type: whole ? 'int16' : 'float32' };
  return { bytes: bytesOf(array), facts };
}

async function mask({ path }: { path: string }): Promise<DisplayBytes> {
  const { shape, bits } = canonicalMask(await readMask(path));
  return { bytes: bytesOf(bits), facts: { shape } };
}

/** A head's surface: positions, normals (float32), indices (uint32), one after the other. */
async function surface({ path, skin }: { path: string; skin: SkinLevel }): Promise<DisplayBytes> {
  const { positions, normals, indices } = headMesh(await readShown(path), skin);
  const bytes = new Uint8Array(positions.byteLength + normals.byteLength + indices.byteLength);
  bytes.set(bytesOf(positions));
  bytes.set(bytesOf(normals), positions.byteLength);
  bytes.set(bytesOf(indices), positions.byteLength + normals.byteLength);
  return { bytes, facts: { vertices: positions.length / 3, triangles: indices.length / 3 } };
}

/** For each vertex of the original's surface how deep the defacing cut there, mm. */
async function depth(data: { original: string; defaced: string; skin: SkinLevel }): Promise<DisplayBytes> {
  const mesh = headMesh(await readShown(data.original), data.skin);
  const array = depthOfCut(mesh, await readShown(data.defaced), data.skin);
  return { bytes: bytesOf(array), facts: { vertices: array.length } };
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
  const nearest = nearestSkin(headMesh(scan, level).positions, surface);
  const both = new Uint8Array(2 * nearest.length);
  for (const [vertex, n] of nearest.entries()) {
    both[vertex] = n < 0 ? 0 : surface.regions[n];
    both[nearest.length + vertex] = n < 0 || reason !== null ? pointFates.unknown : fates[n];
  }
  return { bytes: bytesOf(both), facts: { places: regionPlaces(surface), reason } };
}

answer({ volume, mask, surface, depth, face });
