import { byRegion, faceRegions, regionTitles, type FaceRegion } from '../regions/faceRegion.ts';
import type { FaceFeatures } from '../regions/faceFeatures.ts';
import { deepestMm } from '../regions/depthOfRemoval.ts';
import { noFaceMeasure, valueOrReason, type Feature, type FeatureContext } from './feature.ts';

/** A feature's name holds the region with underscores, as in `region_left_eye_pct`. */
const inName = (region: FaceRegion): string => region.replaceAll('-', '_');
export const survivingId = (region: FaceRegion): string => `region_${inName(region)}_pct`;
export const depthId = (region: FaceRegion): string => `region_${inName(region)}_depth_mm`;

const measured = ({ face }: FeatureContext, region: FaceRegion) =>
  face?.regions[region] ?? { surviving: null, reason: noFaceMeasure };

const surviving = faceRegions.map((region): Feature => ({
  id: survivingId(region),
  version: 2,
  title: `${regionTitles[region]} left`,
  unit: '%',
  range: [0, 100],
  better: 'lower',
  help: 'region_surviving',
  description: `Skin of the region (${regionTitles[region].toLowerCase()}) that the defacing left as it was, as a percentage of the skin that the original shows there.`,
  compute: (context) => {
    const found = measured(context, region);
    return found.surviving === null
      ? { value: null, reason: found.reason }
      : { value: 100 * found.surviving };
  },
}));

const depths = faceRegions.map((region): Feature => ({
  id: depthId(region),
  version: 2,
  title: `${regionTitles[region]}, depth of the cut`,
  unit: 'mm',
  range: [0, deepestMm],
  better: 'neither',
  help: 'region_depth',
  description: `Mean distance of the skin of the region (${regionTitles[region].toLowerCase()}) to the nearest tissue that the defacing left.`,
  compute: (context) => {
    const found = measured(context, region);
    return found.surviving === null ? { value: null, reason: found.reason } : { value: found.depthMm };
  },
}));

/** What a verdict by regions rests on, by the name of its feature. */
const verdictParts: readonly (readonly [id: string, part: keyof FaceFeatures, title: string, what: string])[] = [
  ['face_left_eye_open_pct', 'leftEye', 'Left eye, opening left', 'Length of the opening of the left eye along which both lids are left'],
  ['face_right_eye_open_pct', 'rightEye', 'Right eye, opening left', 'Length of the opening of the right eye along which both lids are left'],
  ['face_lids_pct', 'lids', 'Lids left', 'Skin of the lids of both eyes that is left'],
  ['face_nose_pct', 'nose', 'Nose below the eyes left', 'Skin of the nose below the line of the eyes that is left'],
  ['face_lips_pct', 'lips', 'Lips left', 'Skin of the lips that is left'],
  ['face_lower_pct', 'lowerFace', 'Cheeks and jaw left', 'Skin of cheeks, chin and jaw, as far as they face forward, that is left'],
  ['face_changed_pct', 'changed', 'Skin replaced', 'Skin of the face that is still there but another: refaced, blurred or covered'],
]; // prettier-ignore

const parts = verdictParts.map(([id, part, title, what]): Feature => ({
  id,
  version: 2,
  title,
  unit: '%',
  range: [0, 100],
  better: part === 'changed' ? 'neither' : 'lower',
  help: 'face_features',
  description: `${what}, as a percentage of what the original shows.`,
  compute: ({ face }) => {
    if (face === null) return { value: null, reason: noFaceMeasure };
    const share = face.features?.[part] ?? null;
    return valueOrReason(share === null ? null : 100 * share, face.reason ?? notEnough);
  },
}));

const notEnough = 'The image does not show enough of it.';

/** Surviving share and depth of ten regions, and the features a verdict rests on. */
export const regionFeatures: readonly Feature[] = [...surviving, ...depths, ...parts];

/** Stored features back to what `regionVerdict` asks for; null where the face was not measured. */
export function faceFeaturesOf(
  values: Readonly<Record<string, number | null | undefined>>,
): FaceFeatures | null {
  const share = (id: string): number | null => {
    const value = values[id];
    return value === null || value === undefined ? null : value / 100;
  };
  const changed = share('face_changed_pct');
  if (changed === null) return null;
  const found = Object.fromEntries(verdictParts.map(([id, part]) => [part, share(id)]));
  return { ...(found as unknown as FaceFeatures), changed };
}

/** Stored surviving shares by region, 0 to 1; null where a region was not judged. */
export const survivingOf = (values: Readonly<Record<string, number | null | undefined>>) =>
  byRegion((region) => {
    const value = values[survivingId(region)];
    return value === null || value === undefined ? null : value / 100;
  });
