import { AppError } from '../api/appError.ts';
import { seededRandom } from '../stats/random.ts';
import {
  affineOf,
  invert,
  multiply,
  worldTransformOf,
  type Affine,
  type Matrix,
  type WorldTransform,
} from '../volume/affine.ts';
import { worldPoint, type WorldPoint } from '../volume/points.ts';
import { voxelCount, type LabelVolume, type Shape, type Volume } from '../volume/volume.ts';
import { headShapeOf, type HeadDistances, type HeadShape } from './headShape.ts';
import { headTissueOf } from './headTissue.ts';
import { tissueSignal, type PhantomContrast } from './labels.ts';
import { smoothNoise } from './noiseField.ts';
import { phantomPerson, type PhantomPerson } from './person.ts';
import { addBiasAndNoise, blurLightly } from './scanner.ts';

export type Triple = readonly [number, number, number];

export interface PhantomHeadOptions {
  /** Seed of the scan: noise, field and position. Also of the person where none is given. */
  readonly seed: number;
  readonly person?: PhantomPerson;
  readonly contrast?: PhantomContrast;
  /** Voxel size in mm along the right-left, front-back and up-down axes; one number for all three. Default 1. */
  readonly spacingMm?: number | Triple;
  /** Standard deviation of the noise in each channel as a share of the fat signal. Default 0.02. */
  readonly noise?: number;
  /** Largest departure of the coil sensitivity from 1. Default 0.2. */
  readonly bias?: number;
  /** Millimetres of the field of view to leave out, by side of the person. */
  readonly crop?: Partial<Record<'left' | 'right' | 'back' | 'front' | 'bottom' | 'top', number>>;
  /** Air around the head in mm. Default 10. */
  readonly marginMm?: number;
  /** Stored axes as letters of their positive ends, 'RAS' (default), 'LPS', 'PSR', … */
  readonly orientation?: string;
  /** Turn of the head in the scanner about x, y and z in degrees; drawn from the seed (a few degrees) where absent. */
  readonly rotationDeg?: Triple;
  /** Position of the head's origin (midway between the ears) in the world, mm; drawn from the seed where absent. */
  readonly positionMm?: Triple;
  /** Turn of the grid itself about x, y and z in degrees: an oblique acquisition. Default none. */
  readonly obliqueDeg?: Triple;
}

export const landmarkNames = [
  'glabella', 'nasion', 'pronasale', 'subnasale', 'stomion', 'pogonion', 'menton', 'vertex',
  'leftEye', 'rightEye', 'leftEar', 'rightEar', 'leftMouthCorner', 'rightMouthCorner',
] as const; // prettier-ignore
export type LandmarkName = (typeof landmarkNames)[number];

export interface PhantomHead {
  /** Whole numbers from 0 to 32 767 in float32. */
  readonly volume: Volume;
  /** `phantomLabels` on the grid of the volume. */
  readonly labels: LabelVolume;
  /** `phantomTissues` on the grid of the volume. */
  readonly tissues: LabelVolume;
  /** World mm; eyes are the middles of the eyeballs, the rest lies on the skin. */
  readonly landmarks: Readonly<Record<LandmarkName, WorldPoint>>;
  readonly person: PhantomPerson;
  /** Person space to world: the head's position in this scan. */
  readonly position: WorldTransform;
}

/** A turn about x, then y, then z (degrees), as a matrix without shift. */
function turn([rx, ry, rz]: Triple): Matrix {
  const k = Math.PI / 180;
  const [cx, sx, cy, sy] = [Math.cos(rx * k), Math.sin(rx * k), Math.cos(ry * k), Math.sin(ry * k)];
  const [cz, sz] = [Math.cos(rz * k), Math.sin(rz * k)];
  return [
    cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx, 0,
    sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx, 0,
    -sy, cy * sx, cy * cx, 0,
  ]; // prettier-ignore
}

/** For each stored axis, which of x, y, z it runs along and which way. Throws `orientation-invalid`. */
function axesOf(orientation: string): { axis: number; sign: number }[] {
  const ends = ['RL', 'AP', 'SI'];
  const axes = Array.from(orientation.toUpperCase(), (letter) => {
    const axis = ends.findIndex((pair) => pair.includes(letter));
    return { axis, sign: axis >= 0 && ends[axis].startsWith(letter) ? 1 : -1 };
  });
  if (
    axes.length !== 3 ||
    new Set(axes.map(({ axis }) => axis)).size !== 3 ||
    axes.some(({ axis }) => axis < 0)
  ) {
    throw new AppError(
      'orientation-invalid',
      `An orientation names each of the three axes once, as RAS or LPI do; "${orientation}" does not.`,
    );
  }
  return axes;
}

/** A grid around the head's box as it lies in the scanner, less the crop, in the wanted stored orientation. */
function gridOf(
  shape: HeadShape,
  position: WorldTransform,
  o: PhantomHeadOptions,
): { shape: Shape; affine: Affine } {
  const s = o.spacingMm ?? 1;
  const spacing: Triple = typeof s === 'number' ? [s, s, s] : s;
  const margin = o.marginMm ?? 10;
  const crop = o.crop ?? {};
  if (spacing.some((mm) => !(mm >= 0.4 && mm <= 12)) || !(margin >= 0 && margin <= 100)) {
    throw new AppError('phantom-grid-invalid', 'Spacing must be 0.4 to 12 mm and the margin 0 to 100 mm.', {
      spacingMm: spacing,
      marginMm: margin,
    });
  }
  const oblique = turn(o.obliqueDeg ?? [0, 0, 0]);
  // The box of the turned head in the axes of the grid; the neck is cut straight by the lower edge.
  const toGrid = multiply(invert(oblique), position);
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    for (let r = 0; r < 3; r++) {
      let value = toGrid[r * 4 + 3];
      for (let c = 0; c < 3; c++)
        value += toGrid[r * 4 + c] * (corner & (1 << c) ? shape.box.high[c] : shape.box.low[c]);
      low[r] = Math.min(low[r], value);
      high[r] = Math.max(high[r], value);
    }
  }
  low[0] += (crop.left ?? 0) - margin;
  high[0] += margin - (crop.right ?? 0);
  low[1] += (crop.back ?? 0) - margin;
  high[1] += margin - (crop.front ?? 0);
  low[2] += crop.bottom ?? 0;
  high[2] += margin - (crop.top ?? 0);
  const counts = [0, 1, 2].map((r) => Math.floor((high[r] - low[r]) / spacing[r]) + 1);
  if (counts.some((n) => n < 2)) {
    throw new AppError('phantom-grid-invalid', 'The crop leaves nothing of the field of view.', { crop });
  }
  const m = new Array<number>(12).fill(0);
  const size: number[] = [];
  const axes = axesOf(o.orientation ?? 'RAS');
  axes.forEach(({ axis, sign }, stored) => {
    size.push(counts[axis]);
    m[axis * 4 + stored] = sign * spacing[axis];
    m[axis * 4 + 3] = sign > 0 ? low[axis] : low[axis] + (counts[axis] - 1) * spacing[axis];
  });
  return {
    shape: size as unknown as Shape,
    affine: affineOf(multiply(oblique, m as unknown as Matrix)),
  };
}

/**
 * A head scan of an invented person with its truth: label and tissue of every voxel, landmarks, position. The person's
 * seed alone decides the anatomy; the scan's seed decides noise, coil field and position. The same options give the
 * same bytes. Throws `orientation-invalid` and `phantom-grid-invalid`. Method and limits: docs/phantom.md.
 */
export function phantomHead(options: PhantomHeadOptions): PhantomHead {
  const contrast = options.contrast ?? 'T1w';
  const person = options.person ?? phantomPerson(options.seed);
  const random = seededRandom(options.seed, 'position');
  const drawn: Triple = [random.uniform(-5, 5), random.uniform(-3, 3), random.uniform(-4, 4)];
  const place: Triple = [random.uniform(-6, 6), random.uniform(-12, 12), random.uniform(-25, 0)];
  const rotation = turn(options.rotationDeg ?? drawn);
  const [px, py, pz] = options.positionMm ?? place;
  const position = worldTransformOf([
    rotation[0], rotation[1], rotation[2], px,
    rotation[4], rotation[5], rotation[6], py,
    rotation[8], rotation[9], rotation[10], pz,
  ]); // prettier-ignore

  const head = headShapeOf(person);
  const grid = gridOf(head, position, options);
  const n = voxelCount(grid.shape);
  const values = new Float32Array(n);
  const labels = new Uint8Array(n);
  const tissues = new Uint8Array(n);
  fill(head, person, multiply(invert(position), grid.affine), grid.shape, {
    contrast,
    values,
    labels,
    tissues,
  });
  blurLightly(values, grid.shape);
  addBiasAndNoise(values, grid.shape, {
    seed: options.seed,
    bias: options.bias ?? 0.2,
    noiseSd: (options.noise ?? 0.02) * tissueSignal[contrast][2],
  });
  return {
    volume: { ...grid, values },
    labels: { ...grid, labels },
    tissues: { ...grid, labels: tissues },
    landmarks: landmarksOf(person, head, position),
    person,
    position,
  };
}

/** Walks the grid in blocks of 8 voxels a side: blocks far outside the skin are left as air. */
function fill(
  head: HeadShape,
  person: PhantomPerson,
  toPerson: Matrix,
  [nx, ny, nz]: Shape,
  out: { contrast: PhantomContrast; values: Float32Array; labels: Uint8Array; tissues: Uint8Array },
): void {
  const tissueAt = headTissueOf(person, head);
  const texture = smoothNoise(person.cortexSeed ^ 0x5bd1e995);
  const signal = tissueSignal[out.contrast];
  const m = toPerson;
  const block = 8;
  const step = [0, 1, 2].map((c) => Math.sqrt(m[c] * m[c] + m[4 + c] * m[4 + c] + m[8 + c] * m[8 + c]));
  const reach = 0.5 * block * Math.sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2]);
  const voxelMm = Math.cbrt(step[0] * step[1] * step[2]);
  const d: HeadDistances = { skin: 0, cranium: 0, face: 0, neck: 0, ear: 0, nostril: 0 };
  const [lx, ly] = head.box.low;
  const [hx, hy, hz] = head.box.high;
  for (let bk = 0; bk < nz; bk += block) {
    for (let bj = 0; bj < ny; bj += block) {
      for (let bi = 0; bi < nx; bi += block) {
        const ci = bi + (block - 1) / 2;
        const cj = bj + (block - 1) / 2;
        const ck = bk + (block - 1) / 2;
        const x = m[0] * ci + m[1] * cj + m[2] * ck + m[3];
        const y = m[4] * ci + m[5] * cj + m[6] * ck + m[7];
        const z = m[8] * ci + m[9] * cj + m[10] * ck + m[11];
        const r = reach + 3;
        if (x < lx - r || y < ly - r || y > hy + r || x > hx + r || z > hz + r) continue;
        head.measure(x, y, z, d);
        // Nose, lips and ears stand out too steeply for one distance to vouch for a whole block.
        const steep =
          (y > 60 && x * x < 3600 && z < person.nasion.z + 30) ||
          (x * x > 2500 && y > -65 && y < 35 && z > -60 && z < 65);
        if (d.skin > (steep ? 4 * reach : 1.8 * reach) + 4) continue;
        const iEnd = Math.min(nx, bi + block);
        const jEnd = Math.min(ny, bj + block);
        const kEnd = Math.min(nz, bk + block);
        for (let k = bk; k < kEnd; k++) {
          for (let j = bj; j < jEnd; j++) {
            const x0 = m[1] * j + m[2] * k + m[3];
            const y0 = m[5] * j + m[6] * k + m[7];
            const z0 = m[9] * j + m[10] * k + m[11];
            const row = (k * ny + j) * nx;
            for (let i = bi; i < iEnd; i++) {
              const vx = m[0] * i + x0;
              const vy = m[4] * i + y0;
              const vz = m[8] * i + z0;
              head.measure(vx, vy, vz, d);
              const share = 0.5 - d.skin / voxelMm;
              if (share <= 0) continue;
              const packed = tissueAt(vx, vy, vz, d);
              const tissue = packed & 255;
              const at = row + i;
              if (d.skin <= 0) {
                out.labels[at] = packed >> 8;
                out.tissues[at] = tissue;
              }
              const grain = 1 + 0.05 * texture(vx * 1.7, vy * 1.7, vz * 1.7);
              out.values[at] = signal[tissue] * (share < 1 ? share : 1) * grain;
            }
          }
        }
      }
    }
  }
}

function landmarksOf(
  p: PhantomPerson,
  head: HeadShape,
  position: WorldTransform,
): Record<LandmarkName, WorldPoint> {
  const m = position;
  const world = (x: number, y: number, z: number): WorldPoint =>
    worldPoint(
      m[0] * x + m[1] * y + m[2] * z + m[3],
      m[4] * x + m[5] * y + m[6] * z + m[7],
      m[8] * x + m[9] * y + m[10] * z + m[11],
    );
  const onSkin = (x: number, z: number, otherwise: number): WorldPoint =>
    world(x, head.frontAt(x, z) ?? otherwise, z);
  const [earX, earY, earZ] = head.earCentre;
  return {
    glabella: onSkin(0, p.nasion.z + 13, p.nasion.y),
    nasion: onSkin(0, p.nasion.z, p.nasion.y),
    pronasale: onSkin(p.noseShiftMm, p.pronasale.z, p.pronasale.y),
    subnasale: onSkin(p.noseShiftMm * 0.7, p.subnasale.z, p.subnasale.y),
    stomion: onSkin(0, p.stomion.z, p.stomion.y),
    pogonion: onSkin(p.chinShiftMm, p.pogonion.z, p.pogonion.y),
    menton: onSkin(p.chinShiftMm, p.mentonZ + 1, p.pogonion.y - 12),
    vertex: world(0, p.nasion.y + 2.5 - p.headLengthMm * 0.545, p.vertexZ),
    leftEye: world(-p.eyeX, p.eyeY - 3, p.eyeZ),
    rightEye: world(p.eyeX, p.eyeY - 3, p.eyeZ),
    leftEar: world(-earX, earY, earZ),
    rightEar: world(earX, earY, earZ),
    leftMouthCorner: onSkin(-p.mouthWidthMm / 2, p.stomion.z + p.mouthCurveMm, p.stomion.y - 12),
    rightMouthCorner: onSkin(p.mouthWidthMm / 2, p.stomion.z + p.mouthCurveMm, p.stomion.y - 12),
  };
}
