import type { Registration } from '../registration/registerToTemplate.ts';
import type { ByRegion } from '../regions/faceRegion.ts';
import { faceFeatures, type FaceFeatures } from '../regions/faceFeatures.ts';
import { faceSurvival, type RegionMeasure } from '../regions/faceSurvival.ts';
import type { FaceSurface } from '../regions/faceSurface.ts';
import type { SkinLevel } from '../regions/skinMesh.ts';
import type { Volume } from '../volume/volume.ts';

/** What is known of the face of an original, made once for all its defacings. */
export interface FaceInput {
  readonly surface: FaceSurface;
  readonly level: SkinLevel;
  readonly registration: Registration | null;
}

export interface FaceMeasure {
  readonly regions: ByRegion<RegionMeasure>;
  /** null where the face could not be measured. */
  readonly features: FaceFeatures | null;
  /** Why not; null where it was. */
  readonly reason: string | null;
}

export function measureFace({ surface, level }: FaceInput, original: Volume, defaced: Volume): FaceMeasure {
  const { regions, fates, reason } = faceSurvival({ surface, original, defaced, level });
  return { regions, features: reason === null ? faceFeatures(surface, fates) : null, reason };
}
