/** One surface in world mm (RAS+), as surfaceNets makes it. */
export interface Surface {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
  /** For each vertex how deep the cut is there, mm; null draws the plain skin. */
  readonly depthMm: Float32Array | null;
  /** For each vertex what became of the face there; null where not known. */
  readonly face: SurfaceFace | null;
}

export interface SurfaceFace {
  /** One entry a vertex: the region of the face in the order of `faceRegions` from 1 on, 0 for none. */
  readonly regions: Uint8Array;
  /** One entry a vertex: `pointFates`. */
  readonly fates: Uint8Array;
}

/** Plain skin, how deep the cut is, or which parts of the face survive it. */
export type SurfaceColour = 'plain' | 'depth' | 'face';
