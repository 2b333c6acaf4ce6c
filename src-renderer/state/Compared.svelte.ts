import type { ByRegion } from '../../src-shared/regions/faceRegion.ts';
import type { RegionPlace } from '../../src-shared/regions/regionsOfMesh.ts';
import type { ByteCache, Fetched } from '../client/byteCache.ts';
import { voxelsOf, type SliceVolume, type VoxelType } from '../scene/slice.ts';
import type { Surface, SurfaceFace } from '../scene/surface.ts';
import { depthOfCut } from '../../src-shared/views/headMesh.ts';
import { viewNames, type ViewName } from '../../src-shared/views/viewNames.ts';
import type { Affine } from '../../src-shared/volume/affine.ts';
import { unpackBits } from '../../src-shared/volume/packedBits.ts';
import type { Shape } from '../../src-shared/volume/volume.ts';

interface VolumeFacts {
  readonly shape: readonly [number, number, number];
  readonly affine: readonly number[];
  readonly spacingMm: readonly [number, number, number];
  readonly type: VoxelType;
}

interface SurfaceFacts {
  readonly vertices: number;
  readonly triangles: number;
  /** Of a defacing: where the distances to its tissue lie, which follow the surface. */
  readonly grid: { readonly shape: Shape; readonly affine: Affine } | null;
}

interface FaceFacts {
  readonly places: ByRegion<RegionPlace | null>;
  readonly reason: string | null;
}

export type Way = 'views' | 'slices' | 'surfaces';

/** What is compared: a scan, the defacing chosen of it, and all there are. */
export interface Subject {
  readonly scanId: string;
  readonly chosenId: string | null;
  readonly defacingIds: readonly string[];
  /** Whether what became of the face is shown too: not to those who are asked to judge it. */
  readonly withFace: boolean;
}

/**
 * Names of the bytes one way of comparing needs, those that show first in front; not what became of the face, which takes
 * long and is asked for when the rest is there.
 */
export function namesFor(way: Way, { scanId, chosenId, defacingIds }: Subject): string[] {
  const ofChosen = (name: string): string[] => (chosenId === null ? [] : [`${name}/${chosenId}`]);
  if (way === 'views') {
    const sides = [`scan/${scanId}`, ...(chosenId === null ? [] : [`defacing/${chosenId}`])];
    return sides.flatMap((side) => viewNames.map((view) => `view/${side}/${view}`));
  }
  if (way === 'slices') return [`volume/${scanId}`, `brain/${scanId}`, ...ofChosen('removed')];
  const others = defacingIds.filter((id) => id !== chosenId);
  return [
    `surface/scan/${scanId}`,
    ...ofChosen('surface/defacing'),
    ...others.map((id) => `surface/defacing/${id}`),
  ];
}

export interface Slices {
  readonly volume: SliceVolume;
  /** Canonical voxel to world mm, row by row, 12 numbers. */
  readonly affine: readonly number[];
  /** The mask of another defacing was asked for and has not come: the one that is here is of the one before. */
  readonly waits: boolean;
}

/** What the compare screen holds of one scan: pictures, slices with their overlays, or surfaces, as they arrive. */
export class Compared {
  /** Addresses of the pictures by side and view. */
  pictures = $state.raw<ReadonlyMap<string, string>>(new Map());
  slices = $state.raw<Slices | null>(null);
  original = $state.raw<Surface | null>(null);
  surfaces = $state.raw<ReadonlyMap<string, Surface>>(new Map());
  /** Where each region of the face lies, and why not where that could not be told. */
  face = $state.raw<FaceFacts | null>(null);
  failed = $state<string | null>(null);

  readonly #cache: ByteCache;
  #key = '';
  #shown = '';

  constructor(cache: ByteCache) {
    this.#cache = cache;
  }

  picture = (side: 'scan' | 'defacing', id: string, view: ViewName): string =>
    this.pictures.get(`view/${side}/${id}/${view}`) ?? '';

  /** Shows a way of comparing; the same again does nothing. Whatever else is shown by then is not disturbed. */
  show(way: Way, subject: Subject | null): void {
    const key = JSON.stringify([way, subject && namesFor(way, subject)]);
    if (key === this.#key) return;
    this.#key = key;
    this.failed = null;
    this.face = null;
    // Another tool of the same scan: what is there stays until the rest has come, and so does the person's view of it.
    const shown = JSON.stringify([way, subject?.scanId]);
    if (shown === this.#shown) {
      if (this.slices !== null) this.slices = { ...this.slices, waits: true };
    } else {
      this.slices = null;
      this.original = null;
      this.surfaces = new Map();
      this.pictures = new Map();
    }
    this.#shown = shown;
    this.#cache.abandon(subject === null ? [] : namesFor(way, subject));
    if (subject === null) return;
    const work = {
      views: () => this.#loadPictures(subject, key),
      slices: () => this.#loadSlices(subject, key),
      surfaces: () => this.#loadSurfaces(subject, key),
    }[way]();
    work.catch((error: unknown) => {
      if (this.#key === key) this.failed = error instanceof Error ? error.message : String(error);
    });
  }

  async #loadPictures(subject: Subject, key: string): Promise<void> {
    const names = namesFor('views', subject);
    const urls = await Promise.all(names.map((name) => this.#cache.urlOf(name)));
    if (this.#key === key) this.pictures = new Map(names.map((name, n) => [name, urls[n]]));
  }

  async #loadSlices({ scanId, chosenId }: Subject, key: string): Promise<void> {
    const [volume, brain, removed] = await Promise.all([
      this.#cache.get<VolumeFacts>(`volume/${scanId}`),
      this.#cache.get<object>(`brain/${scanId}`),
      chosenId === null ? null : this.#cache.get<object>(`removed/${chosenId}`),
    ]);
    if (volume === null || this.#key !== key) return;
    const { shape, spacingMm, affine, type } = volume.facts;
    const count = shape[0] * shape[1] * shape[2];
    const maskOf = (found: Fetched | null): Uint8Array | null =>
      found === null ? null : unpackBits(new Uint8Array(found.buffer), count);
    this.slices = {
      affine,
      waits: false,
      volume: {
        shape,
        spacingMm,
        values: voxelsOf(type, volume.buffer),
        brain: maskOf(brain),
        removed: maskOf(removed),
      },
    };
  }

  async #loadSurfaces(subject: Subject, key: string): Promise<void> {
    const { scanId, chosenId, defacingIds, withFace } = subject;
    // All are asked for at once, the chosen one first, and shown as they come.
    for (const name of namesFor('surfaces', subject)) void this.#cache.get(name);
    const original = await this.#cache.get<SurfaceFacts>(`surface/scan/${scanId}`);
    if (original === null || this.#key !== key) return;
    const bare = meshOf(original);
    if (this.original?.positions.buffer !== original.buffer)
      this.original = { ...bare, depthMm: null, face: null };
    for (const id of [...(chosenId === null ? [] : [chosenId]), ...defacingIds]) {
      const found = await this.#cache.get<SurfaceFacts>(`surface/defacing/${id}`);
      if (this.#key !== key) return;
      if (found === null) continue;
      if (id === chosenId) this.original = { ...bare, depthMm: depthIn(found, bare.positions), face: null };
      this.surfaces = new Map(this.surfaces).set(id, { ...meshOf(found), depthMm: null, face: null });
    }
    // What became of the face takes longest, and the heads can be looked at without it.
    const face = chosenId === null || !withFace ? null : await this.#cache.get<FaceFacts>(`face/${chosenId}`);
    if (face === null || this.#key !== key) return;
    this.face = face.facts;
    const { depthMm } = this.original;
    this.original = { ...bare, depthMm, face: faceIn(face, original.facts.vertices) };
  }
}

function meshOf({ buffer, facts }: Fetched<SurfaceFacts>): Omit<Surface, 'depthMm' | 'face'> {
  const floats = facts.vertices * 3;
  return {
    positions: new Float32Array(buffer, 0, floats),
    normals: new Float32Array(buffer, floats * 4, floats),
    indices: new Uint32Array(buffer, floats * 8, facts.triangles * 3),
  };
}

const faceIn = ({ buffer }: Fetched, vertices: number): SurfaceFace => ({
  regions: new Uint8Array(buffer, 0, vertices),
  fates: new Uint8Array(buffer, vertices, vertices),
});

/** How deep a defacing cut below each place of the original's surface; null where it has no distances. */
function depthIn({ buffer, facts }: Fetched<SurfaceFacts>, positions: Float32Array): Float32Array | null {
  if (facts.grid === null) return null;
  const quarterMm = new Uint8Array(buffer, facts.vertices * 24 + facts.triangles * 12);
  return depthOfCut(positions, { ...facts.grid, quarterMm });
}
