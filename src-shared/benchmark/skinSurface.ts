import { phantomLabels } from '../phantom/labels.ts';
import type { PhantomHead } from '../phantom/phantomHead.ts';
import { invert, multiply } from '../volume/affine.ts';
import type { Shape } from '../volume/volume.ts';

/** Regions of the skin, as the phantom labels them; left and right are the person's own. */
export const skinRegions = [
  'forehead',
  'leftEye',
  'rightEye',
  'nose',
  'mouth',
  'chinJaw',
  'leftCheek',
  'rightCheek',
  'leftEar',
  'rightEar',
] as const;
export type SkinRegion = (typeof skinRegions)[number];

/** The parts of the two eye regions that lie over the eyeball: the lids, without brow and cheekbone. */
export const lidRegions = ['leftLids', 'rightLids'] as const;
export type LidRegion = (typeof lidRegions)[number];

/** Cheeks, chin and jaw as far as they face forward: what a look from the front and obliquely shows of them. */
export const lowerFaceRegion = 'lowerFace';

/** In front of the ears by this, in mm of person space, cheek and jaw face forward. */
const lowerFaceY = 35;

/** Voxels of one region that touch the air in front of the skin. */
export interface SurfacePatch {
  /** Indices into the scan's grid, ascending. */
  readonly voxels: Int32Array;
  /** Skin area of each in mm²: the faces it shows to the air. */
  readonly areas: Float32Array;
  /** x, y, z of each in person space, mm. */
  readonly points: Float32Array;
  readonly areaMm2: number;
}

/** The regions and the parts of them that a verdict names. */
export type SurfaceName = SkinRegion | LidRegion | typeof lowerFaceRegion;

export type SkinSurface = Readonly<Record<SurfaceName, SurfacePatch>>;

/** Half axes of a lid as seen from the front, about the middle of the eyeball, in mm. */
const lidHalf = { across: 17, up: 12 };

/**
 * The skin of a phantom by region: labelled voxels with a face to the air. Where the field of view ends there is no
 * skin. The eyelids are the part of the eye region in front of the eyeball, an ellipse of 34 x 24 mm.
 */
export function skinSurfaceOf(head: Pick<PhantomHead, 'labels' | 'person' | 'position'>): SkinSurface {
  const { labels, shape, affine } = head.labels;
  const toPerson = multiply(invert(head.position), affine);
  const faces = faceAreas(affine);
  const found = new Map<number, { voxels: number[]; areas: number[] }>(
    skinRegions.map((region) => [phantomLabels[region], { voxels: [], areas: [] }]),
  );
  const highest = Math.max(...found.keys());
  const [nx, ny, nz] = shape;
  const slab = nx * ny;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const label = labels[n];
        if (label === 0 || label > highest) continue;
        let area = 0;
        if (i > 0 && labels[n - 1] === 0) area += faces[0];
        if (i + 1 < nx && labels[n + 1] === 0) area += faces[0];
        if (j > 0 && labels[n - nx] === 0) area += faces[1];
        if (j + 1 < ny && labels[n + nx] === 0) area += faces[1];
        if (k > 0 && labels[n - slab] === 0) area += faces[2];
        if (k + 1 < nz && labels[n + slab] === 0) area += faces[2];
        if (area === 0) continue;
        const region = found.get(label);
        region?.voxels.push(n);
        region?.areas.push(area);
      }
    }
  }
  const patches = new Map<SurfaceName, SurfacePatch>();
  for (const region of skinRegions) {
    const { voxels, areas } = found.get(phantomLabels[region]) ?? { voxels: [], areas: [] };
    patches.set(region, patchOf(voxels, areas, shape, toPerson));
  }
  const part = (
    regions: readonly SkinRegion[],
    holds: (x: number, y: number, z: number) => boolean,
  ): SurfacePatch => {
    const voxels: number[] = [];
    const areas: number[] = [];
    for (const region of regions) {
      const { voxels: all, areas: each, points } = patches.get(region) ?? patchOf([], [], shape, toPerson);
      for (const [at, voxel] of all.entries()) {
        if (!holds(points[3 * at], points[3 * at + 1], points[3 * at + 2])) continue;
        voxels.push(voxel);
        areas.push(each[at]);
      }
    }
    return patchOf(voxels, areas, shape, toPerson);
  };
  const { eyeX, eyeZ } = head.person;
  const overEye =
    (middle: number) =>
    (x: number, _y: number, z: number): boolean =>
      ((x - middle) / lidHalf.across) ** 2 + ((z - eyeZ) / lidHalf.up) ** 2 <= 1;
  patches.set('leftLids', part(['leftEye'], overEye(-eyeX)));
  patches.set('rightLids', part(['rightEye'], overEye(eyeX)));
  patches.set(
    lowerFaceRegion,
    part(['leftCheek', 'rightCheek', 'chinJaw'], (_x, y) => y > lowerFaceY),
  );
  return Object.fromEntries(patches) as unknown as SkinSurface;
}

/** Area in mm² of a voxel's face across each stored axis. */
function faceAreas(m: ArrayLike<number>): [number, number, number] {
  const cross = (a: number, b: number): number => {
    const x = m[4 + a] * m[8 + b] - m[8 + a] * m[4 + b];
    const y = m[8 + a] * m[b] - m[a] * m[8 + b];
    const z = m[a] * m[4 + b] - m[4 + a] * m[b];
    return Math.sqrt(x * x + y * y + z * z);
  };
  return [cross(1, 2), cross(2, 0), cross(0, 1)];
}

function patchOf(
  voxels: readonly number[],
  areas: readonly number[],
  [nx, ny]: Shape,
  m: ArrayLike<number>,
): SurfacePatch {
  const points = new Float32Array(3 * voxels.length);
  for (const [at, n] of voxels.entries()) {
    const i = n % nx;
    const j = ((n - i) / nx) % ny;
    const k = ((n - i) / nx - j) / ny;
    points[3 * at] = m[0] * i + m[1] * j + m[2] * k + m[3];
    points[3 * at + 1] = m[4] * i + m[5] * j + m[6] * k + m[7];
    points[3 * at + 2] = m[8] * i + m[9] * j + m[10] * k + m[11];
  }
  const rounded = Float32Array.from(areas);
  return {
    voxels: Int32Array.from(voxels),
    areas: rounded,
    points,
    areaMm2: rounded.reduce((sum, area) => sum + area, 0),
  };
}
