import type { Verdict } from '../rating/verdict.ts';
import {
  lidRegions,
  lowerFaceRegion,
  skinRegions,
  type SkinSurface,
  type SurfaceName,
  type SurfacePatch,
} from './skinSurface.ts';

/** Surviving share of a region's skin, 0 to 1; null where less than `leastAreaMm2` of it lies in the field of view. */
export type RegionShares = Readonly<Record<SurfaceName, number | null>>;

/** `gone`, `trace`, `present` by `CutPoints`; null where the region is not in the picture. */
export type RegionState = 'gone' | 'trace' | 'present';

export interface CutPoints {
  /** Below this surviving share a region is gone. */
  readonly gone: number;
  /** Above this surviving share it is present; between, a trace is left. */
  readonly present: number;
  /** Strict asks that less than this share of cheeks, chin and jaw survives: most of it is gone. */
  readonly cheeksAndJaw: number;
  /** Lenient asks that less than this share of the whole face survives. */
  readonly face: number;
}

export const defaultCutPoints: CutPoints = { gone: 0.01, present: 0.1, cheeksAndJaw: 0.5, face: 0.5 };

/** Cut points beside the default, to see how much the labels hang on them. */
export const cutPointVariants: readonly { readonly name: string; readonly cut: CutPoints }[] = [
  { name: 'default: gone < 1 %, present > 10 %', cut: defaultCutPoints },
  { name: 'gone < 0.5 %', cut: { ...defaultCutPoints, gone: 0.005 } },
  { name: 'gone < 2 %', cut: { ...defaultCutPoints, gone: 0.02 } },
  { name: 'gone < 5 %', cut: { ...defaultCutPoints, gone: 0.05 } },
  { name: 'present > 5 %', cut: { ...defaultCutPoints, present: 0.05 } },
  { name: 'present > 20 %', cut: { ...defaultCutPoints, present: 0.2 } },
  { name: 'present > 30 %', cut: { ...defaultCutPoints, present: 0.3 } },
  { name: 'cheeks and jaw < 35 %', cut: { ...defaultCutPoints, cheeksAndJaw: 0.35 } },
  { name: 'cheeks and jaw < 65 %', cut: { ...defaultCutPoints, cheeksAndJaw: 0.65 } },
];

/** Less skin than this in the field of view cannot show the region. */
export const leastAreaMm2 = 40;

/** Says for a voxel of the grid (its index, and its place in person space in mm) whether its skin is still there. */
export type Survives = (voxel: number, x: number, y: number, z: number) => boolean;

/** The surviving share of every region's skin. Never reads an intensity or a feature. */
export function regionShares(surface: SkinSurface, survives: Survives): RegionShares {
  const names: readonly SurfaceName[] = [...skinRegions, ...lidRegions, lowerFaceRegion];
  return Object.fromEntries(
    names.map((region) => [region, shareOf(surface[region], survives)]),
  ) as unknown as RegionShares;
}

function shareOf({ voxels, areas, points, areaMm2 }: SurfacePatch, survives: Survives): number | null {
  if (areaMm2 < leastAreaMm2) return null;
  let left = 0;
  for (let n = 0; n < voxels.length; n++) {
    if (survives(voxels[n], points[3 * n], points[3 * n + 1], points[3 * n + 2])) left += areas[n];
  }
  return left / areaMm2;
}

/** The share of several regions taken together, by their areas in the field of view; 0 where none is in it. */
export function jointShare(
  surface: SkinSurface,
  shares: RegionShares,
  regions: readonly SurfaceName[],
): number {
  let [left, whole] = [0, 0];
  for (const region of regions) {
    const share = shares[region];
    if (share === null) continue;
    left += share * surface[region].areaMm2;
    whole += surface[region].areaMm2;
  }
  return whole === 0 ? 0 : left / whole;
}

export function regionState(share: number | null, cut: CutPoints = defaultCutPoints): RegionState | null {
  if (share === null) return null;
  return share < cut.gone ? 'gone' : share > cut.present ? 'present' : 'trace';
}

/** What the verdict rests on. */
export interface FaceTruth {
  /** By region; the lids of an eye and the front of cheeks and jaw beside the whole regions. */
  readonly shares: RegionShares;
  /** Surviving share of cheeks, chin and jaw as far as they face forward. */
  readonly cheeksAndJaw: number;
  /** Surviving share of eyes, nose, mouth and the front of cheeks, chin and jaw together. */
  readonly face: number;
}

export function faceTruth(surface: SkinSurface, survives: Survives): FaceTruth {
  const shares = regionShares(surface, survives);
  return {
    shares,
    cheeksAndJaw: shares.lowerFace ?? 0,
    face: jointShare(surface, shares, ['leftEye', 'rightEye', 'nose', 'mouth', 'lowerFace']),
  };
}

/**
 * The verdict that follows from the label maps. Strict: lids, nose and mouth are gone, and most of cheeks, chin and jaw.
 * Lenient: at most one of lids, nose and mouth left as a trace, none present, and most of the face gone. What lies outside
 * the field of view is gone.
 */
export function ruleVerdict(
  { shares, cheeksAndJaw, face }: FaceTruth,
  cut: CutPoints = defaultCutPoints,
): Verdict {
  const lids = Math.max(shares.leftLids ?? 0, shares.rightLids ?? 0);
  const states = [lids, shares.nose ?? 0, shares.mouth ?? 0].map((share) => regionState(share, cut));
  const left = states.filter((state) => state !== 'gone').length;
  if (left === 0 && cheeksAndJaw < cut.cheeksAndJaw) return 1;
  if (left <= 1 && !states.includes('present') && face < cut.face) return 2;
  return 3;
}
