import { rescalingOf } from '../volume/rescaling.ts';
import type { Volume } from '../volume/volume.ts';
import { depthOfRemoval } from './depthOfRemoval.ts';
import { byRegion, type ByRegion } from './faceRegion.ts';
import type { FaceSurface } from './faceSurface.ts';
import { pointFates } from './pointFate.ts';
import type { SkinLevel } from './skinMesh.ts';
import { skinReader, type SkinReader } from './skinReader.ts';

export interface RegionSurvival {
  /** Share of the region's skin that a defacing left as it was, 0 to 1. */
  readonly surviving: number;
  /** Share where skin is still there but another: refaced, blurred, covered. */
  readonly changed: number;
  /** Mean distance from the skin that was to the nearest tissue left, mm, 0 to `deepestMm`. */
  readonly depthMm: number;
}

export type RegionMeasure =
  (RegionSurvival & { readonly reason?: undefined }) | { readonly surviving: null; readonly reason: string };

export interface FaceSurvival {
  readonly regions: ByRegion<RegionMeasure>;
  /** One entry a point of the surface: `pointFates`. */
  readonly fates: Uint8Array;
  /** One entry a point: mm to the nearest tissue left. */
  readonly depths: Float32Array;
}

/** More change than this at the back of the head, as a share of the values there, and it is another image. */
const mostOfWhole = 0.35;
/** Differences below this share of the value are rounding. */
const rounding = 1e-3;
/** Behind and above this, template mm, no tool removes anything. */
const behindY = -20;
const overZ = -60;

/**
 * What a defacing left of the face, region by region. A point of the skin survives when the skin is still there, with its
 * values, within 2 mm below the place it was; a linear rescaling of the whole image and the change that the back of the
 * head went through as well (blur, noise, drift) are allowed for. Both volumes lie on one grid.
 */
export function faceSurvival({
  surface,
  original,
  defaced,
  level,
}: {
  readonly surface: FaceSurface;
  readonly original: Volume;
  readonly defaced: Volume;
  readonly level: SkinLevel;
}): FaceSurvival {
  const { points, regions } = surface;
  const fates = new Uint8Array(points.count);
  const depths = new Float32Array(points.count);
  const { slope, intercept } = rescalingOf(original.values, defaced.values);
  const skin = skinReader(points, original, level);
  /** Values above that of air, the defacing's in the original's scale. */
  const before = (at: number): number => original.values[at] - level.darkest;
  const after = (at: number): number => (defaced.values[at] - intercept) / slope - level.darkest;
  const whole = changeOfWhole(surface, skin, (at) =>
    after(at) < before(at) / 2 ? null : Math.abs(after(at) - before(at)) / before(at),
  );
  if (whole > mostOfWhole) return { regions: unmeasured(surface, anotherImage), fates, depths };
  const tolerance = Math.max(rounding, 2 * whole);
  for (let n = 0; n < points.count; n++) {
    if (regions[n] === 0) continue;
    const voxels = skin(n);
    let [kept, removed] = [0, 0];
    for (const at of voxels) {
      const was = before(at);
      const is = after(at);
      if (Math.abs(is - was) <= tolerance * was) kept++;
      else if (is < was / 2) removed++;
    }
    if (kept > 0 && 2 * kept >= voxels.length) fates[n] = pointFates.kept;
    else fates[n] = 2 * removed >= voxels.length ? pointFates.removed : pointFates.changed;
  }
  depthOfRemoval({ points, regions, fates, original, before, after, level, depths });
  return { regions: summed(surface, fates, depths), fates, depths };
}

export const anotherImage =
  'The back of the head differs from the original too: this is another image, or all of it was changed.';

/** The 90th percentile of the differences of the skin at the back of the head, where it was not taken away. */
function changeOfWhole(
  { points }: FaceSurface,
  skin: SkinReader,
  difference: (voxel: number) => number | null,
): number {
  const differences: number[] = [];
  for (let n = 0; n < points.count; n += 5) {
    if (points.placed[3 * n + 1] > behindY || points.placed[3 * n + 2] < overZ) continue;
    for (const at of skin(n)) {
      const one = difference(at);
      if (one !== null) differences.push(one);
    }
  }
  if (differences.length === 0) return 0;
  return differences.sort((a, b) => a - b)[Math.floor(0.9 * differences.length)];
}

const unmeasured = ({ found }: FaceSurface, why: string): ByRegion<RegionMeasure> =>
  byRegion((region) => ({ surviving: null, reason: found[region].reason ?? why }));

function summed(
  { points: { areas, count }, regions, found }: FaceSurface,
  fates: Uint8Array,
  depths: Float32Array,
): ByRegion<RegionMeasure> {
  const all = Object.values(byRegion(() => ({ area: 0, kept: 0, changed: 0, depth: 0 })));
  for (let n = 0; n < count; n++) {
    if (regions[n] === 0) continue;
    const sum = all[regions[n] - 1];
    sum.area += areas[n];
    sum.depth += areas[n] * depths[n];
    if (fates[n] === pointFates.kept) sum.kept += areas[n];
    else if (fates[n] === pointFates.changed) sum.changed += areas[n];
  }
  return byRegion((region, n): RegionMeasure => {
    const { reason } = found[region];
    if (reason !== undefined) return { surviving: null, reason };
    const { area, kept, changed, depth } = all[n];
    return { surviving: kept / area, changed: changed / area, depthMm: depth / area };
  });
}
