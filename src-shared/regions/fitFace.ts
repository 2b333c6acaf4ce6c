import { parabolaPeak } from './parabolaPeak.ts';
import { templateFace } from './regionAtlas.ts';
import type { SkinPoints } from './skinPoints.ts';

/**
 * The face seen from the front in template space: how far forward the skin reaches on a lattice of 2 mm, from the lowest
 * row up, NaN where there is none.
 */
export type Relief = Float32Array;

const stepMm = 2;
const width = 61;
const lowZ = -190;
const rows = 106;
const middle = (width - 1) / 2;
/** The relief shows nothing that lies further back. */
const leastY = 20;
const rowOf = (z: number): number => Math.round((z - lowZ) / stepMm);

export function reliefOf({ count, placed }: Pick<SkinPoints, 'count' | 'placed'>): Relief {
  const relief = new Float32Array(width * rows).fill(NaN);
  for (let n = 0; n < count; n++) {
    const at = cellOf(placed[3 * n], placed[3 * n + 2]);
    const y = placed[3 * n + 1];
    if (at >= 0 && y >= leastY && !(relief[at] >= y)) relief[at] = y;
  }
  return relief;
}

/** The skin in front of a point, y in template mm; NaN where none is seen. */
export function frontAt(relief: Relief, x: number, z: number): number {
  const at = cellOf(x, z);
  return at < 0 ? NaN : relief[at];
}

function cellOf(x: number, z: number): number {
  const i = Math.round(x / stepMm) + middle;
  const k = rowOf(z);
  return i < 0 || k < 0 || i >= width || k >= rows ? -1 : i + width * k;
}

/** Where a scan's face lies after the registration. */
export interface FaceFit {
  readonly shiftX: number;
  readonly shiftZ: number;
  /** From the eyes to the base of the nose, as a multiple of the template's. */
  readonly stretchZ: number;
  /** Correlation of the slopes of both faces about the eyes, -1 to 1. */
  readonly likeness: number;
}

export const noFit: FaceFit = { shiftX: 0, shiftZ: 0, stretchZ: 1, likeness: 0 };

/** Slopes beyond this are the edges of what is seen. */
const steepest = 3;
/** A shift of this many mm costs as much likeness as `reserve`. */
const usualShiftMm = 5;
const reserve = 0.01;
const leastPoints = 300;
/** Heights between which the eyes, the brow and the root of the nose are compared. */
const compared = { fromZ: -84, toZ: 0 } as const;

/**
 * Registration follows the brain; eyes and nose lie a few mm higher or lower in each person. The scan's relief is moved
 * over the template's until their slopes agree best about the eyes, a large shift costing something. The nose is stretched
 * so that its base, where it is seen, comes to lie on the template's.
 */
export function fitFace(scan: Relief, template: Relief): FaceFit {
  const there = slopesOf(template);
  const here = slopesOf(scan);
  const score = (shiftX: number, shiftZ: number): number =>
    correlation(here, there, { shiftX, shiftZ }) -
    reserve * ((shiftZ / usualShiftMm) ** 2 + (shiftX / usualShiftMm) ** 2);
  let [bestX, bestZ, bestScore] = [0, 0, -Infinity];
  for (let shiftZ = -16; shiftZ <= 16; shiftZ += stepMm) {
    for (let shiftX = -6; shiftX <= 6; shiftX += stepMm) {
      const found = score(shiftX, shiftZ);
      if (found > bestScore) [bestX, bestZ, bestScore] = [shiftX, shiftZ, found];
    }
  }
  if (bestScore === -Infinity) return noFit;
  const best: FaceFit = {
    shiftX:
      bestX + stepMm * parabolaPeak(score(bestX - stepMm, bestZ), bestScore, score(bestX + stepMm, bestZ)),
    shiftZ:
      bestZ + stepMm * parabolaPeak(score(bestX, bestZ - stepMm), bestScore, score(bestX, bestZ + stepMm)),
    stretchZ: 1,
    likeness: correlation(here, there, { shiftX: bestX, shiftZ: bestZ }),
  };
  const base = noseBase(scan, best);
  const usual = noseBase(template, noFit);
  if (base === null || usual === null) return best;
  const stretchZ = (base - best.shiftZ - templateFace.eyeZ) / (usual - templateFace.eyeZ);
  return { ...best, stretchZ: Math.max(0.8, Math.min(1.25, stretchZ)) };
}

/**
 * Registered template mm to template mm with the face in place. Between the eyes and the base of the nose heights are
 * stretched; from there to the lower lip the stretch is taken back, since long noses do not go with low mouths.
 */
export function placedByFit(fit: FaceFit, x: number, z: number): [number, number] {
  const { eyeZ, subnasaleZ, lowerLipZ } = templateFace;
  const up = z - fit.shiftZ;
  const base = eyeZ + (subnasaleZ - eyeZ) * fit.stretchZ;
  if (up >= eyeZ || up <= lowerLipZ) return [x - fit.shiftX, up];
  return [
    x - fit.shiftX,
    up >= base
      ? eyeZ + (up - eyeZ) / fit.stretchZ
      : lowerLipZ + ((up - lowerLipZ) * (subnasaleZ - lowerLipZ)) / (base - lowerLipZ),
  ];
}

/** The other way round. */
export function registeredByFit(fit: FaceFit, x: number, z: number): [number, number] {
  const { eyeZ, subnasaleZ, lowerLipZ } = templateFace;
  const base = eyeZ + (subnasaleZ - eyeZ) * fit.stretchZ;
  let up = z;
  if (z < eyeZ && z >= subnasaleZ) up = eyeZ + (z - eyeZ) * fit.stretchZ;
  else if (z < subnasaleZ && z > lowerLipZ)
    up = lowerLipZ + ((z - lowerLipZ) * (base - lowerLipZ)) / (subnasaleZ - lowerLipZ);
  return [x + fit.shiftX, up + fit.shiftZ];
}

/** The relief with its gaps closed by the means of their neighbours, a few cells deep. */
export function withoutGaps(relief: Relief): Relief {
  let from = relief;
  for (let pass = 0; pass < 8; pass++) {
    const to = from.slice();
    for (let k = 1; k < rows - 1; k++) {
      for (let i = 1; i < width - 1; i++) {
        if (!Number.isNaN(from[i + width * k])) continue;
        let [sum, count] = [0, 0];
        for (const at of [i - 1 + width * k, i + 1 + width * k, i + width * (k - 1), i + width * (k + 1)]) {
          if (Number.isNaN(from[at])) continue;
          sum += from[at];
          count++;
        }
        if (count > 0) to[i + width * k] = sum / count;
      }
    }
    from = to;
  }
  return from;
}

/** How far the skin falls back at a step of the profile, and over what height. */
interface Step {
  readonly dropMm: number;
  readonly overMm: number;
  readonly fromZ: number;
  readonly toZ: number;
}
const underNose: Step = { dropMm: 7, overMm: 4, fromZ: -132, toZ: -78 };
const underChin: Step = { dropMm: 16, overMm: 6, fromZ: -188, toZ: -140 };

const noseBase = (relief: Relief, shift: Shift): number | null => stepOf(relief, underNose, shift, () => NaN);

/**
 * Registered height of the underside of the chin, or null where it is not seen. `inField` says of a height whether the
 * image reaches that far down: there, no skin in the relief means that it lies far behind, at the throat.
 */
export const chinBase = (relief: Relief, shift: Shift, inField: (z: number) => boolean): number | null =>
  stepOf(relief, underChin, shift, (z) => (inField(z) ? leastY : NaN));

type Shift = Pick<FaceFit, 'shiftX' | 'shiftZ'>;

/** Height of the largest such step in the middle of the face, or null where it is not seen. */
function stepOf(
  relief: Relief,
  { dropMm, overMm, fromZ, toZ }: Step,
  { shiftX, shiftZ }: Shift,
  unseen: (z: number) => number,
): number | null {
  const profile = (k: number): number => {
    let front = unseen(lowZ + k * stepMm);
    for (let x = -8; x <= 8; x += stepMm) {
      const y = relief[Math.round((x + shiftX) / stepMm) + middle + width * k];
      if (!(front >= y)) front = y;
    }
    return front;
  };
  const reach = overMm / stepMm;
  let [largest, at] = [dropMm, -1];
  for (let k = rowOf(fromZ + shiftZ); k <= rowOf(toZ + shiftZ); k++) {
    const drop = profile(k + reach) - profile(k - reach);
    if (drop > largest) [largest, at] = [drop, k];
  }
  return at < 0 ? null : lowZ + at * stepMm;
}

interface Slopes {
  readonly across: Float32Array;
  readonly up: Float32Array;
}

/** Slopes of the smoothed relief by central differences, NaN where a neighbour is missing. */
function slopesOf(rough: Relief): Slopes {
  const relief = smoothed(rough);
  const across = new Float32Array(relief.length).fill(NaN);
  const up = new Float32Array(relief.length).fill(NaN);
  const slope = (a: number, b: number): number =>
    Math.max(-steepest, Math.min(steepest, (b - a) / (2 * stepMm)));
  for (let k = 1; k < rows - 1; k++) {
    for (let i = 1; i < width - 1; i++) {
      const n = i + width * k;
      across[n] = slope(relief[n - 1], relief[n + 1]);
      up[n] = slope(relief[n - width], relief[n + width]);
    }
  }
  return { across, up };
}

/** Means over 3 x 3 points, twice: single persons' relief is sharper than the average's. NaN where the middle is missing. */
function smoothed(relief: Relief): Relief {
  let from = relief;
  for (let pass = 0; pass < 2; pass++) {
    const to = new Float32Array(from.length).fill(NaN);
    for (let k = 1; k < rows - 1; k++) {
      for (let i = 1; i < width - 1; i++) {
        if (Number.isNaN(from[i + width * k])) continue;
        let [sum, count] = [0, 0];
        for (let dk = -1; dk <= 1; dk++) {
          for (let di = -1; di <= 1; di++) {
            const value = from[i + di + width * (k + dk)];
            if (Number.isNaN(value)) continue;
            sum += value;
            count++;
          }
        }
        to[i + width * k] = sum / count;
      }
    }
    from = to;
  }
  return from;
}

function correlation(scan: Slopes, template: Slopes, shift: { shiftX: number; shiftZ: number }): number {
  const up = Math.round(shift.shiftZ / stepMm);
  const across = Math.round(shift.shiftX / stepMm);
  let [count, product, here, there] = [0, 0, 0, 0];
  for (let k = rowOf(compared.fromZ); k <= rowOf(compared.toZ); k++) {
    const row = k + up;
    if (row < 1 || row >= rows - 1) continue;
    for (let i = 1; i < width - 1; i++) {
      const column = i + across;
      if (column < 1 || column >= width - 1) continue;
      const a = i + width * k;
      const b = column + width * row;
      const tx = template.across[a];
      const tz = template.up[a];
      const sx = scan.across[b];
      const sz = scan.up[b];
      // NaN where either face is not seen.
      if (!(tx + tz + sx + sz < Infinity)) continue;
      count++;
      product += tx * sx + tz * sz;
      there += tx * tx + tz * tz;
      here += sx * sx + sz * sz;
    }
  }
  return count < leastPoints ? -Infinity : product / Math.sqrt(here * there || 1);
}
