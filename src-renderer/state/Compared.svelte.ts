import type { SliceVolume } from '../scene/slice.ts';
import type { Surface } from '../scene/SurfaceView.ts';

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it asked for
type Fetch = <Facts>(
  name: string,
  signal?: AbortSignal,
) => Promise<{ buffer: ArrayBuffer; facts: Facts } | null>;

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

/** What the compare screen holds of one scan: slices with their overlays, or surfaces, fetched when first looked at. */
export class Compared {
  slices = $state.raw<{ volume: SliceVolume; affine: readonly number[] } | null>(null);
  original = $state.raw<Surface | null>(null);
  surfaces = $state.raw<ReadonlyMap<string, Surface>>(new Map());
  failed = $state<string | null>(null);

  readonly #fetch: Fetch;
  #stop = new AbortController();
  #key = '';

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  /** Shows a kind of picture of a scan and its defacings; the same again does nothing. */
  show(
    kind: 'slices' | 'surfaces' | null,
    scanId: string | null,
    chosenId: string | null,
    defacingIds: readonly string[],
  ): void {
    const key = JSON.stringify([
      kind,
      scanId,
      kind === 'slices' ? chosenId : null,
      kind === 'surfaces' ? [chosenId, ...defacingIds] : null,
    ]);
    if (key === this.#key) return;
    this.#key = key;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.failed = null;
    this.slices = null;
    this.original = null;
    this.surfaces = new Map();
    if (kind === null || scanId === null) return;
    const { signal } = this.#stop;
    const work =
      kind === 'slices'
        ? this.#loadSlices(scanId, chosenId, signal)
        : this.#loadSurfaces(scanId, chosenId, defacingIds, signal);
    work.catch((error: unknown) => {
      if (!signal.aborted) this.failed = error instanceof Error ? error.message : String(error);
    });
  }

  async #loadSlices(scanId: string, defacingId: string | null, signal: AbortSignal): Promise<void> {
    const [volume, brain, removed] = await Promise.all([
      this.#fetch<VolumeFacts>(`volume/${scanId}`, signal),
      this.#fetch<object>(`brain/${scanId}`, signal),
      defacingId === null ? null : this.#fetch<object>(`removed/${defacingId}`, signal),
    ]);
    if (volume === null || signal.aborted) return;
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

  async #loadSurfaces(
    scanId: string,
    chosenId: string | null,
    defacingIds: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const [original, depth] = await Promise.all([
      this.#fetch<SurfaceFacts>(`surface/scan/${scanId}`, signal),
      chosenId === null ? null : this.#fetch<object>(`depth/${chosenId}`, signal),
    ]);
    if (original === null || signal.aborted) return;
    this.original = toSurface(original, depth === null ? null : new Float32Array(depth.buffer));
    for (const id of defacingIds) {
      const found = await this.#fetch<SurfaceFacts>(`surface/defacing/${id}`, signal);
      if (found !== null) this.surfaces = new Map(this.surfaces).set(id, toSurface(found, null));
    }
  }
}

function toSurface(
  { buffer, facts }: { buffer: ArrayBuffer; facts: SurfaceFacts },
  depthMm: Float32Array | null,
): Surface {
  const floats = facts.vertices * 3;
  return {
    positions: new Float32Array(buffer, 0, floats),
    normals: new Float32Array(buffer, floats * 4, floats),
    indices: new Uint32Array(buffer, floats * 8, facts.triangles * 3),
    depthMm,
  };
}
