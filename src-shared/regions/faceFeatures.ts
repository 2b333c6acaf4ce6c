import type { FaceSurface } from './faceSurface.ts';
import { pointFates } from './pointFate.ts';
import { templateFace } from './regionAtlas.ts';

/** What is left of the features that a verdict names: shares 0 to 1, null where the image does not show enough of one. */
export interface FaceFeatures {
  /**
   * Length of the opening of each eye along which both lids are left. An eye is an opening between two lids: what is left
   * above or below a cut through it is a partly visible lid.
   */
  readonly leftEye: number | null;
  readonly rightEye: number | null;
  /** Skin of the lids of both eyes, from the fold of the upper to the edge of the lower. */
  readonly lids: number | null;
  /** The nose below the line of the eyes. */
  readonly nose: number | null;
  /** The lips. */
  readonly lips: number | null;
  /** Cheeks, chin and jaw as far as they face forward. */
  readonly lowerFace: number | null;
  /** Share of all of these where skin is still there but another. */
  readonly changed: number;
}

const { eyeX, lidLineZ, stomionZ, lowerLipZ } = templateFace;
/** Template mm, as all here: half the width of the opening (Farkas 1994: 30 mm), and what above and below it is lid. */
const openingHalf = 16;
const lidMm = 6;
const columnMm = 2;
const columns = (2 * openingHalf) / columnMm;
/** The lids as an ellipse: beyond the corners, and from fold to edge. */
const lids = { halfWidth: 19, halfHeight: 9 } as const;
/** Cheeks and jaw are judged from the front: not what lies further back. */
const frontY = 12;
/** Less of a feature in the image than this says nothing of it. */
const leastSeen = 0.3;
/** Skin of each feature on the template, template mm2; an eye in columns. */
const usual = { lids: 1100, nose: 2600, lips: 1700 } as const;

interface Sum {
  area: number;
  kept: number;
}

/** `fates` as `faceSurvival` gives them. */
export function faceFeatures(
  { points, regions, onFace, found, areaScale }: FaceSurface,
  fates: Uint8Array,
): FaceFeatures {
  const sum = (): Sum => ({ area: 0, kept: 0 });
  const sums = { lids: sum(), nose: sum(), lips: sum(), lowerFace: sum() };
  const upper = Array.from({ length: 2 * columns }, sum);
  const lower = Array.from({ length: 2 * columns }, sum);
  let [changed, all] = [0, 0];
  for (let n = 0; n < points.count; n++) {
    const region = regions[n];
    if (region < 2 || region > 8 || fates[n] === pointFates.unknown) continue;
    const [x, z] = [onFace[2 * n], onFace[2 * n + 1]];
    const area = points.areas[n];
    const kept = fates[n] === pointFates.kept ? area : 0;
    const add = (to: Sum): void => {
      to.area += area;
      to.kept += kept;
    };
    all += area;
    if (fates[n] === pointFates.changed) changed += area;
    const fromEye = Math.abs(x) - eyeX;
    const fromLine = z - lidLineZ;
    if ((fromEye / lids.halfWidth) ** 2 + ((fromLine - 1) / lids.halfHeight) ** 2 <= 1) add(sums.lids);
    if (Math.abs(fromEye) < openingHalf && Math.abs(fromLine) < lidMm) {
      const column = Math.floor((fromEye + openingHalf) / columnMm) + (x < 0 ? 0 : columns);
      add((fromLine > 0 ? upper : lower)[column]);
    }
    if (region === 4 && z < lidLineZ - 3) add(sums.nose);
    else if (region === 5 && z < stomionZ + 9 && z > lowerLipZ) add(sums.lips);
    else if (region >= 6 && points.placed[3 * n + 1] > frontY) add(sums.lowerFace);
  }
  const share = ({ area, kept }: Sum, whole: number): number | null =>
    area < leastSeen * whole * areaScale ? null : kept / area;
  const eye = (from: number): number | null => {
    let [seen, left] = [0, 0];
    for (let c = from; c < from + columns; c++) {
      if (upper[c].area === 0 || lower[c].area === 0) continue;
      seen++;
      if (2 * upper[c].kept > upper[c].area && 2 * lower[c].kept > lower[c].area) left++;
    }
    return seen < leastSeen * columns ? null : left / seen;
  };
  const seesEye = (region: 'left-eye' | 'right-eye'): boolean => found[region].areaMm2 !== null;
  return {
    leftEye: seesEye('left-eye') ? eye(0) : null,
    rightEye: seesEye('right-eye') ? eye(columns) : null,
    lids: share(sums.lids, usual.lids),
    nose: share(sums.nose, usual.nose),
    lips: share(sums.lips, usual.lips),
    lowerFace: sums.lowerFace.area === 0 ? null : sums.lowerFace.kept / sums.lowerFace.area,
    changed: all === 0 ? 0 : changed / all,
  };
}
