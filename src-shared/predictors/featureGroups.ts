import { brainLossByPlace } from '../features/brainLossByPlace.ts';
import { features } from '../features/features.ts';
import { regionFeatures } from '../features/regionFeatures.ts';
import { predictorGroups } from './predictor.ts';
import { predictorsOf } from './predictors.ts';

/** Features that are switched on, and tried for their benefit, together. */
export const featureGroups = ['paper', 'regions', ...predictorGroups] as const;
export type FeatureGroup = (typeof featureGroups)[number];

export const featureGroupTitles: Readonly<Record<FeatureGroup | 'other', string>> = {
  paper: 'Measures of the paper and voxel counts',
  regions: 'What is left of the face, by region',
  'image-quality': 'Image quality',
  texture: 'Texture of the face',
  'about-scan': 'Demographics, scanner, contrast',
  other: 'Other columns',
};

const regional = [...regionFeatures, ...brainLossByPlace].map(({ id }) => id);

/** Ids of each group, in the order of tables. */
export const idsOfGroup: Readonly<Record<FeatureGroup, readonly string[]>> = {
  paper: features.map(({ id }) => id).filter((id) => !regional.includes(id)),
  regions: regional,
  'image-quality': predictorsOf('image-quality').map(({ id }) => id),
  texture: predictorsOf('texture').map(({ id }) => id),
  'about-scan': predictorsOf('about-scan').map(({ id }) => id),
};

/** Chosen features by group, empty groups left out. Columns of somebody's own table are `other`. */
export function groupsOf(ids: readonly string[]): { group: FeatureGroup | 'other'; features: string[] }[] {
  const known = featureGroups.map((group) => ({
    group,
    features: ids.filter((id) => idsOfGroup[group].includes(id)),
  }));
  const named = new Set(known.flatMap(({ features: found }) => found));
  const other = { group: 'other' as const, features: ids.filter((id) => !named.has(id)) };
  return [...known, other].filter(({ features: found }) => found.length > 0);
}
