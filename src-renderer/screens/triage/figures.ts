import { triageWords as text } from '../../words/triage.ts';
import { faceRegions, type ByRegion, type FaceRegion } from '../../../src-shared/regions/faceRegion.ts';

export const percent = (share: number | null): string =>
  share === null ? '–' : `${Number((100 * share).toFixed(1))} %`;

/** The region of which most is left; null where none was judged. */
export function mostLeft(regions: ByRegion<number | null>): { region: FaceRegion; share: number } | null {
  // Forehead and ears are no reason for a verdict, so they do not hide the eyes.
  const counted = faceRegions.filter((region) => region !== 'forehead' && !region.endsWith('ear'));
  const judged = counted.flatMap((region) => {
    const share = regions[region];
    return share === null ? [] : [{ region, share }];
  });
  return judged.toSorted((a, b) => b.share - a.share).at(0) ?? null;
}

export const mostLeftInWords = (regions: ByRegion<number | null>): string => {
  const most = mostLeft(regions);
  return most === null ? '–' : `${text[`region_${most.region}`]} ${Math.round(100 * most.share)} %`;
};
