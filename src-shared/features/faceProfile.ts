import { brainPlaces, type BrainPlace } from '../regions/brainLossPlaces.ts';
import type { ByRegion } from '../regions/faceRegion.ts';
import { mostLeft, type RegionShare } from '../regions/mostLeft.ts';
import { regionVerdict, type RegionVerdict } from '../regions/regionVerdict.ts';
import { faceFeaturesOf, survivingOf } from './regionFeatures.ts';
import type { FeatureValue } from '../domain/study.ts';

/** What the measurements of one defacing say about the face and the brain, for a row of a list. */
export interface FaceProfile {
  /** Share of each region's skin that is left, 0 to 1; null where it was not judged. */
  readonly surviving: ByRegion<number | null>;
  /** Of the regions a verdict rests on, the one of which most is left; null where none was judged. */
  readonly worst: RegionShare | null;
  /** What the definitions say of it; null where the face was not measured. */
  readonly byRule: RegionVerdict | null;
  readonly brainLossMl: number | null;
  /** Where most of it was taken; null where too little was, or where the place is not known. */
  readonly brainPlace: BrainPlace | null;
}

/** Less brain than this has no place: it is the rounding of a mask. */
const leastMl = 0.05;

export function faceProfile(features: readonly FeatureValue[]): FaceProfile {
  const values = Object.fromEntries(features.map(({ feature, value }) => [feature, value]));
  const surviving = survivingOf(values);
  const face = faceFeaturesOf(values);
  const places = brainPlaces
    .flatMap((place) => {
      const ml = values[`brain_loss_${place}_ml`] ?? null;
      return ml === null || ml < leastMl ? [] : [{ place, ml }];
    })
    .sort((a, b) => b.ml - a.ml);
  return {
    surviving,
    worst: mostLeft(surviving),
    byRule: face === null ? null : regionVerdict(face),
    brainLossMl: values.brain_loss_ml ?? null,
    brainPlace: places.at(0)?.place ?? null,
  };
}
