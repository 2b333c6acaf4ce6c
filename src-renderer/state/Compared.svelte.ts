import type { ByRegion } from '../../src-shared/regions/faceRegion.ts';
import type { RegionPlace } from '../../src-shared/regions/regionsOfMesh.ts';
import type { ByteCache, Fetched } from '../client/byteCache.ts';
import type { SliceVolume } from '../scene/slice.ts';
import type { Surface, SurfaceFace } from '../scene/SurfaceView.ts';
import { viewNames, type ViewName } from '../../src-shared/views/viewNames.ts';

interface VolumeFacts {
  readonly shape: readonly [number, number, number];
  readonly affine: readonly number[];
  readonly spacingMm: readonly [number, number, number];
  readonly type: 'int16' | 'float32';
}

interface SurfaceFacts {
  readonly vertices: number;
  readonly triangles: number;
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

/** Names of the bytes one way of comparing needs, those that show first in front. */
export function namesFor(way: Way, { scanId, chosenId, defacingIds, withFace }: Subject): string[] {
  const ofChosen = (name: string): string[] => (chosenId === null ? [] : [`${name}/${chosenId}`]);
  if (way === 'views') {
    const sides = [`scan/${scanId}`, ...(chosenId === null ? [] : [`defacing/${chosenId}`])];
    return sides.flatMap((side) => viewNames.map((view) => `view/${side}/${view}`));
  }
  if (way === 'slices') return [`volume/${scanId}`, `brain/${scanId}`, ...ofChosen('removed')];
  return [
    `surface/scan/${scanId}`,
    ...ofChosen('depth'),
    ...defacingIds.map((id) => `surface/defacing/${id}`),
    ...(withFace ? ofChosen('face') : []),
  ];
}

/** What the compare screen holds of one scan: pictures, slices with their overlays, or surfaces, as they arrive. */
export class Compared {
  /** Addresses of the pictures by side and view. */
  pictures = $state.raw<ReadonlyMap<string, string>>(new Map());
  slices = $state.raw<{ volume: SliceVolume; affine: readonly number[] } | null>(null);
  original = $state.raw<Surface | null>(null);
  surfaces = $state.raw<ReadonlyMap<string, Surface>>(new Map());
  /** Where each region of the face lies, and why not where that could not be told. */
  face = $state.raw<FaceFacts | null>(null);
  failed = $state<string | null>(null);

  readonly #cache: ByteCache;
  #key = '';

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
    this.slices = null;
    this.original = null;
    this.surfaces = new Map();
    this.face = null;
    this.pictures = new Map();
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
    this.slices = {
      affine,
      volume: {
        shape,
        spacingMm,
        values: type === 'int16' ? new Int16Array(volume.buffer) : new Float32Array(volume.buffer),
        brain: brain === null ? null : new Uint8Array(brain.buffer),
        removed: removed === null ? null : new Uint8Array(removed.buffer),
      },
    };
  }

  async #loadSurfaces({ scanId, chosenId, defacingIds, withFace }: Subject, key: string): Promise<void> {
    const [original, depth] = await Promise.all([
      this.#cache.get<SurfaceFacts>(`surface/scan/${scanId}`),
      chosenId === null ? null : this.#cache.get<object>(`depth/${chosenId}`),
    ]);
    if (original === null || this.#key !== key) return;
    const depthMm = depth === null ? null : new Float32Array(depth.buffer);
    this.original = toSurface(original, depthMm, null);
    for (const id of defacingIds) {
      const found = await this.#cache.get<SurfaceFacts>(`surface/defacing/${id}`);
      if (this.#key !== key) return;
      if (found !== null) this.surfaces = new Map(this.surfaces).set(id, toSurface(found, null, null));
    }
    // What became of the face takes longest, and the heads can be looked at without it.
    const face = chosenId === null || !withFace ? null : await this.#cache.get<FaceFacts>(`face/${chosenId}`);
    if (face === null || this.#key !== key) return;
    const { vertices } = original.facts;
    this.face = face.facts;
    this.original = toSurface(original, depthMm, {
      regions: new Uint8Array(face.buffer, 0, vertices),
      fates: new Uint8Array(face.buffer, vertices, vertices),
    });
  }
}

function toSurface(
  { buffer, facts }: Fetched<SurfaceFacts>,
  depthMm: Float32Array | null,
  face: SurfaceFace | null,
): Surface {
  const floats = facts.vertices * 3;
  return {
    positions: new Float32Array(buffer, 0, floats),
    normals: new Float32Array(buffer, floats * 4, floats),
    indices: new Uint32Array(buffer, floats * 8, facts.triangles * 3),
    depthMm,
    face,
  };
}
