import { faceWords } from '../../words/face.ts';
import type { ByRegion } from '../../../src-shared/regions/faceRegion.ts';
import { mostLeft } from '../../../src-shared/regions/mostLeft.ts';

export const percent = (share: number | null): string =>
  share === null ? '–' : `${Number((100 * share).toFixed(1))} %`;

export const mostLeftInWords = (regions: ByRegion<number | null>): string => {
  const most = mostLeft(regions);
  return most === null ? '–' : `${faceWords[`short_${most.region}`]} ${Math.round(100 * most.share)} %`;
};
