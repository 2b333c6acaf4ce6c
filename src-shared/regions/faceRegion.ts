/** The ten regions of the face whose skin is followed, in the order of tables. Left and right are the person's own. */
export const faceRegions = [
  'forehead',
  'left-eye',
  'right-eye',
  'nose',
  'mouth',
  'chin-jaw',
  'left-cheek',
  'right-cheek',
  'left-ear',
  'right-ear',
] as const;
export type FaceRegion = (typeof faceRegions)[number];
export type ByRegion<T> = Readonly<Record<FaceRegion, T>>;

export const byRegion = <T>(make: (region: FaceRegion, index: number) => T): ByRegion<T> =>
  Object.fromEntries(faceRegions.map((region, index) => [region, make(region, index)])) as Record<
    FaceRegion,
    T
  >;

/** For headings and sentences. */
export const regionTitles: ByRegion<string> = {
  forehead: 'Forehead',
  'left-eye': 'Left eye',
  'right-eye': 'Right eye',
  nose: 'Nose',
  mouth: 'Mouth',
  'chin-jaw': 'Chin and jaw',
  'left-cheek': 'Left cheek',
  'right-cheek': 'Right cheek',
  'left-ear': 'Left ear',
  'right-ear': 'Right ear',
};

/** What is left of a region's skin. */
export type RegionState = 'gone' | 'trace' | 'present';

/** Shares of a region's skin below which it is gone, and up to which it is a trace. */
export interface StateCuts {
  readonly gone: number;
  readonly trace: number;
}
export const defaultCuts: StateCuts = { gone: 0.01, trace: 0.1 };

/** The state of a region with this share of its skin left, 0 to 1. */
export function stateOf(share: number, { gone, trace }: StateCuts = defaultCuts): RegionState {
  if (share < gone) return 'gone';
  return share <= trace ? 'trace' : 'present';
}
