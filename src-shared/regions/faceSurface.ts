import type { Registration } from '../registration/registerToTemplate.ts';
import type { Template } from '../registration/template.ts';
import { findHead } from '../views/findHead.ts';
import {
  applyMatrix,
  identityMatrix,
  invert,
  multiply,
  worldTransformOf,
  type WorldTransform,
} from '../volume/affine.ts';
import type { Grid, Volume } from '../volume/volume.ts';
import { byRegion, faceRegions, type ByRegion } from './faceRegion.ts';
import {
  chinBase,
  fitFace,
  frontAt,
  noFit,
  placedByFit,
  registeredByFit,
  reliefOf,
  withoutGaps,
  type FaceFit,
  type Relief,
} from './fitFace.ts';
import { findEyeballs, type Eyeballs } from './findEyeballs.ts';
import {
  levelOf,
  regionAt,
  templateFace,
  usualBorders,
  type EyeBorders,
  type FaceBorders,
} from './regionAtlas.ts';
import { skinMesh, type SkinLevel } from './skinMesh.ts';
import { skinPoints, type SkinPoints } from './skinPoints.ts';

/** The skin of an original, each point with its region. Made once a scan, used for each of its defacings. */
export interface FaceSurface {
  readonly points: SkinPoints;
  /** One entry a point: 1 and on in the order of `faceRegions`, 0 for scalp and neck. */
  readonly regions: Uint8Array;
  /** Two numbers a point: x and z in template mm with the face in place. */
  readonly onFace: Float32Array;
  /** Skin of each region in the image, mm2; null with the reason where the region cannot be judged. */
  readonly found: ByRegion<RegionFound>;
  readonly fit: FaceFit;
  /** mm2 of this face for one of the template's. */
  readonly areaScale: number;
  /** Why no face was found; null where one was. */
  readonly reason: string | null;
}

export type RegionFound =
  | { readonly areaMm2: number; readonly reason?: undefined }
  | { readonly areaMm2: null; readonly reason: string };

/** Less of a region than this in the field of view says nothing of it. */
const leastInField = 0.25;
/** Less skin than this share of the usual was missing before anything was removed. */
const leastArea = 0.2;

/**
 * Finds the skin of a scan's face and names its regions: the template's regions carried over by the registration, moved to
 * where eyes, nose and mouth of this face are. `null` areas carry the reason: a poor registration, a region beyond the
 * field of view ("not in the image", never "gone"), or no skin where it should be.
 */
export function faceSurface({
  scan,
  level,
  registration,
  template,
}: {
  readonly scan: Volume;
  readonly level: SkinLevel;
  readonly registration: Registration | null;
  readonly template: Template;
}): FaceSurface {
  if (registration === null) return withoutFace('There is no signal in this image to find a face by.');
  if (registration.verdict === 'poor')
    return withoutFace(`The head could not be found well enough. ${registration.reason}`);
  const scanToTemplate = worldTransformOf(invert(registration.templateToScan));
  const points = skinPoints(skinMesh(scan, level, registration.templateToScan), scan, scanToTemplate);
  const model = modelOf(template);
  const relief = reliefOf(points);
  const fit = fitFace(relief, model.relief);
  const { scales } = registration.quality;
  const borders = bordersOf(relief, { scan, templateToScan: registration.templateToScan, fit, scales });
  const { regions, onFace } = labelled(points, { fit, relief, usual: model.front, borders });
  const areas = areasOf(points, regions);
  const areaScale = ((scales[0] + scales[1]) * scales[2]) / 2;
  const found = byRegion((region): RegionFound => {
    const inField = shareInField(model.samples[region], scan, registration.templateToScan, fit);
    if (inField < leastInField) return { areaMm2: null, reason: notInImage };
    if (areas[region] < leastArea * inField * areaScale * model.areas[region])
      return { areaMm2: null, reason: noSkin };
    return { areaMm2: areas[region] };
  });
  return { points, regions, onFace, found, fit, areaScale, reason: null };
}

export const notInImage = 'This part of the face is not in the image.';
export const noSkin = 'The original shows no skin there: it may have been removed before.';

function withoutFace(reason: string): FaceSurface {
  const none = new Float32Array();
  return {
    points: { count: 0, positions: none, normals: none, placed: none, areas: none },
    regions: new Uint8Array(),
    onFace: none,
    found: byRegion(() => ({ areaMm2: null, reason })),
    fit: noFit,
    areaScale: 1,
    reason,
  };
}

/** The region of an eye about the middle of its ball, mm of the person: up to the brow, down to the rim, and outwards. */
const eyeReach = { up: 15, down: 13, out: 21 } as const;
/** Where the skin in front of an eyeball lies, template mm. */
const lidY = 76;

/** Below the chin by this, mm of the person, begins the neck. */
const underChinMm = 4;
/** Where the underside of a chin lies, template mm. */
const chinY = 45;

/** Where this face has what differs from face to face; the usual place where it is not seen. */
function bordersOf(
  relief: Relief,
  { scan, templateToScan, fit, scales }: { scan: Volume; templateToScan: WorldTransform; fit: FaceFit; scales: readonly number[] }, // prettier-ignore
): FaceBorders {
  const eyeballs = findEyeballs(scan, templateToScan);
  const toVoxel = multiply(invert(scan.affine), templateToScan);
  const chin = chinBase(relief, fit, (z) => isIn(scan, applyMatrix(toVoxel, 0, chinY, z)));
  return {
    eyes: eyeballs === null ? usualBorders.eyes : eyeBorders(eyeballs, { fit, scales }),
    underJawZ:
      chin === null
        ? usualBorders.underJawZ
        : levelOf(chinY, placedByFit(fit, 0, chin)[1]) - underChinMm / scales[2],
  };
}

/** Whether a place in voxels lies in the field and not on its rim. */
const isIn = ({ shape }: Grid, place: readonly number[]): boolean =>
  place.every((c, axis) => c >= 0.5 && c <= shape[axis] - 1.5);

/** Borders of the eyes as seen on the face in place, from eyeballs in registered template mm. */
function eyeBorders(
  { left, right }: Eyeballs,
  { fit, scales: [acrossScale, , upScale] }: { fit: FaceFit; scales: readonly number[] },
): [EyeBorders, EyeBorders] {
  const borders = ([x, y, z]: Place): EyeBorders => {
    const onLids = levelOf(y, z) - levelOf(lidY, 0);
    const height = (mm: number): number => levelOf(lidY, placedByFit(fit, x, onLids + mm / upScale)[1]);
    return {
      topZ: height(eyeReach.up),
      lowZ: height(-eyeReach.down),
      outerX: Math.abs(placedByFit(fit, x, z)[0]) + eyeReach.out / acrossScale,
    };
  };
  return [borders(left), borders(right)];
}

/** Skin this far behind other skin, seen from the front, lies in a nostril or an open mouth. */
const hiddenMm = 8;
/** Nor is anything this far behind the skin of the template. */
const deepMm = 18;

function labelled(
  { count, placed }: SkinPoints,
  { fit, relief, usual, borders }: { fit: FaceFit; relief: Relief; usual: Relief; borders: FaceBorders },
): { regions: Uint8Array; onFace: Float32Array } {
  const regions = new Uint8Array(count);
  const onFace = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    const [x, y, z] = [placed[3 * n], placed[3 * n + 1], placed[3 * n + 2]];
    const [across, up] = placedByFit(fit, x, z);
    onFace[2 * n] = across;
    onFace[2 * n + 1] = up;
    // On the sides of the head and under the jaw much lies behind other skin, and is skin.
    const inner = Math.abs(across) < 40 && up > templateFace.lowerLipZ;
    if (inner && (frontAt(relief, x, z) - y > hiddenMm || frontAt(usual, across, up) - y > deepMm)) continue;
    const region = regionAt(across, y, up, borders);
    if (region !== null) regions[n] = faceRegions.indexOf(region) + 1;
  }
  return { regions, onFace };
}

function areasOf({ areas }: SkinPoints, regions: Uint8Array): ByRegion<number> {
  const sums = new Float64Array(faceRegions.length + 1);
  for (let n = 0; n < regions.length; n++) sums[regions[n]] += areas[n];
  return byRegion((_, n) => sums[n + 1]);
}

type Place = readonly [x: number, y: number, z: number];

interface FaceModel {
  readonly relief: Relief;
  /** The same without gaps. */
  readonly front: Relief;
  /** Points of the template's skin in each region, template mm. */
  readonly samples: ByRegion<readonly Place[]>;
  readonly areas: ByRegion<number>;
}

const modelCache = new WeakMap<Template, FaceModel>();

/** The template's own face, made once. The average shows no chin: its points continue those of the lower lip. */
function modelOf(template: Template): FaceModel {
  const known = modelCache.get(template);
  if (known !== undefined) return known;
  const here = worldTransformOf(identityMatrix);
  const points = skinPoints(skinMesh(template.head, findHead(template.head), here), template, here);
  const relief = reliefOf(points);
  const { regions } = labelled(points, {
    fit: noFit,
    relief,
    usual: withoutGaps(relief),
    borders: usualBorders,
  });
  const samples = byRegion((): Place[] => []);
  for (let n = 0; n < points.count; n++) {
    if (regions[n] === 0) continue;
    const [x, y, z] = points.placed.subarray(3 * n, 3 * n + 3);
    samples[faceRegions[regions[n] - 1]].push([x, y, z]);
  }
  const { lowerLipZ, mentonZ } = templateFace;
  const chin: Place[] = [];
  for (let z = mentonZ; z < lowerLipZ; z += 4)
    for (let x = -40; x <= 40; x += 8) chin.push([x, 70 - Math.abs(x) * 0.5, z]);
  const areas = { ...areasOf(points, regions), 'chin-jaw': usualChinMm2 };
  const made: FaceModel = {
    relief,
    front: withoutGaps(relief),
    samples: { ...samples, 'chin-jaw': chin },
    areas,
  };
  modelCache.set(template, made);
  return made;
}

/** Skin below the lower lip of the phantoms, carried back into template mm. */
const usualChinMm2 = 8000;

function shareInField(
  samples: readonly Place[],
  grid: Grid,
  templateToScan: WorldTransform,
  fit: FaceFit,
): number {
  const toVoxel = multiply(invert(grid.affine), templateToScan);
  let inside = 0;
  for (const [x, y, z] of samples) {
    const [across, up] = registeredByFit(fit, x, z);
    if (isIn(grid, applyMatrix(toVoxel, across, y, up))) inside++;
  }
  return samples.length === 0 ? 0 : inside / samples.length;
}
