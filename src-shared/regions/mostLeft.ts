import { faceRegions, type ByRegion, type FaceRegion } from './faceRegion.ts';

export interface RegionShare {
  readonly region: FaceRegion;
  /** Share of its skin that is left, 0 to 1. */
  readonly share: number;
}

/** The region of which most is left; null where none was judged. The first of equal ones. */
export function mostLeft(regions: ByRegion<number | null>): RegionShare | null {
  // Forehead and ears are no reason for a verdict, so they do not hide the eyes.
  const counted = faceRegions.filter((region) => region !== 'forehead' && !region.endsWith('ear'));
  const judged = counted.flatMap((region) => {
    const share = regions[region];
    return share === null ? [] : [{ region, share }];
  });
  return judged.toSorted((a, b) => b.share - a.share).at(0) ?? null;
}
