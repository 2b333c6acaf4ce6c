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
  /** Why nothing of the face could be measured; null where something was. */
  readonly reason: string | null;
}

/** Less agreement than this between both images at the back of the head, and it is another image. */
const leastAgreement = 0.75;
/** Differences below this share of the value are rounding; where the whole image changed by more, it was smoothed or made noisy. */
const rounding = 1e-3;
const smoothed = 0.1;
/** However much the whole image changed, skin with less than this of its value is not the same. */
const mostTolerance = 0.45;
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
  /** Values above that of air, the defacing's in the original's scale. */
  const before = (at: number): number => original.values[at] - level.darkest;
  const raw = (at: number): number => defaced.values[at] - level.darkest;
  const back = backOfHead(surface, skinReader(points, original, level), before, raw);
  if (back.agreement < leastAgreement) {
    return { regions: unmeasured(surface, anotherImage), fates, depths, reason: anotherImage };
  }
  const after = (at: number): number => (raw(at) - back.intercept) / back.slope;
  // What the whole image lost or gained is no change of the face.
  const fainter = Math.min(mostTolerance, Math.max(rounding, 2 * back.change));
  const brighter = Math.max(rounding, 2 * back.change);
  // Smoothing changes the outermost skin most.
  const skin = skinReader(points, original, level, back.change > smoothed ? 'under' : 'skin');
  for (let n = 0; n < points.count; n++) {
    if (regions[n] === 0) continue;
    const voxels = skin(n);
    let [kept, removed] = [0, 0];
    for (const at of voxels) {
      const was = before(at);
      const is = after(at);
      if (is >= was * (1 - fainter) && is <= was * (1 + brighter)) kept++;
      else if (is < was / 2) removed++;
    }
    if (voxels.length === 0) fates[n] = pointFates.unknown;
    else if (2 * kept >= voxels.length) fates[n] = pointFates.kept;
    else fates[n] = 2 * removed >= voxels.length ? pointFates.removed : pointFates.changed;
  }
  depthOfRemoval({ points, regions, fates, original, before, after, level, depths });
  return { regions: summed(surface, fates, depths), fates, depths, reason: surface.reason };
}

export const anotherImage =
  'The back of the head differs from the original too: this is another image, or all of it was changed.';

interface BackOfHead {
  /** Line from the original's values to the defacing's. */
  readonly slope: number;
  readonly intercept: number;
  /** The 90th percentile of relative differences of the skin, the line undone. */
  readonly change: number;
  /** Correlation of both images, 1 where there is too little to tell. */
  readonly agreement: number;
}

/** What the back of the head went through, where it was not taken away. */
function backOfHead(
  { points }: FaceSurface,
  skin: SkinReader,
  before: (voxel: number) => number,
  raw: (voxel: number) => number,
): BackOfHead {
  const voxels: number[] = [];
  const outer: number[] = [];
  for (let n = 0; n < points.count; n += 5) {
    if (points.placed[3 * n + 1] > behindY || points.placed[3 * n + 2] < overZ) continue;
    for (const at of skin(n, deepMm)) if (raw(at) !== 0) voxels.push(at);
    for (const at of skin(n)) if (raw(at) !== 0) outer.push(at);
  }
  const was = Float64Array.from(voxels, before);
  const is = Float64Array.from(voxels, raw);
  const { slope, intercept } = rescalingOf(was, is);
  const differences = Float64Array.from(outer, (at) =>
    Math.abs((raw(at) - intercept) / slope / before(at) - 1),
  ).sort();
  return {
    slope,
    intercept,
    change: differences.length === 0 ? 0 : differences[Math.floor(0.9 * differences.length)],
    agreement: voxels.length < leastPlaces ? 1 : correlation(was, is),
  };
}

function correlation(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let n = 0; n < x.length; n++) {
    xx += (x[n] - mx) ** 2;
    yy += (y[n] - my) ** 2;
    xy += (x[n] - mx) * (y[n] - my);
  }
  return xx * yy > 0 ? xy / Math.sqrt(xx * yy) : 1;
}

/** Skin, fat, skull and brain: where two heads differ. */
const deepMm = [1.5, 3.5, 5.5, 7.5, 9.5, 12, 15];
const leastPlaces = 500;

const unmeasured = ({ found }: FaceSurface, why: string): ByRegion<RegionMeasure> =>
  byRegion((region) => ({ surviving: null, reason: found[region].reason ?? why }));

function summed(
  { points: { areas, count }, regions, found }: FaceSurface,
  fates: Uint8Array,
  depths: Float32Array,
): ByRegion<RegionMeasure> {
  const all = Object.values(byRegion(() => ({ area: 0, kept: 0, changed: 0, depth: 0 })));
  for (let n = 0; n < count; n++) {
    if (regions[n] === 0 || fates[n] === pointFates.unknown) continue;
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
