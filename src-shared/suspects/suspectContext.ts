import { canonicalMask, canonicalVolume } from '../volume/canonical.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import { quantile } from '../stats/quantile.ts';
import { applyMatrix, invert } from '../volume/affine.ts';
import { countInside, voxelMl, type Mask, type Volume } from '../volume/volume.ts';
import { borderContacts, type BorderContact } from './borderContacts.ts';
import { cutSurface, type CutSurface } from './cutSurface.ts';
import type { SuspectInput } from './suspicion.ts';
import { templateZones, type TemplateZones } from './templateZones.ts';
import { voidsOf } from './voids.ts';

/** What every check looks at, measured once. Volumes are turned to the nearest RAS+. */
export interface SuspectContext {
  readonly input: SuspectInput;
  readonly volume: Volume;
  /** The head, 1 inside; null where nothing stands out from the air. */
  readonly head: Mask | null;
  readonly headMl: number;
  /** Whether the skin's level parted one closed piece from the air. */
  readonly closed: boolean;
  readonly cut: CutSurface;
  /** The part of the cut surface in front of the ears: by the template where it is placed, else the front half of the head. cm². */
  readonly frontCutCm2: number;
  /** Share of the cut surface that lies in front and below the top third of the head. */
  readonly lowFrontShare: number;
  /** The registration where the template is where the head is, whether or not all of a head is there; else null. */
  readonly placed: Registration | null;
  readonly contacts: readonly BorderContact[];
  /** null without a placed template. */
  readonly zones: TemplateZones | null;
}

export function suspectContext(input: SuspectInput): SuspectContext {
  const volume = canonicalVolume(input.volume);
  const found = input.head !== null && countInside(input.head.mask.bits) > 0 ? input.head : null;
  const head = found === null ? null : canonicalMask(found.mask);
  const voids = voidsOf(volume, found?.darkest ?? 0);
  const bright = 0.3 * brightOf(volume.values);
  const cut = cutSurface(volume, { voids, bright });
  const { registration, template } = input;
  const placed = registration !== null && isPlaced(registration) ? registration : null;
  return {
    input,
    volume,
    head,
    headMl: head === null ? 0 : countInside(head.bits) * voxelMl(head),
    closed: found?.closed ?? false,
    cut,
    ...frontOf(cut, head, placed),
    placed,
    contacts: head === null ? [] : borderContacts(head, voids, placed),
    zones:
      placed === null || head === null
        ? null
        : templateZones({ head, voids, template, registration: placed }),
  };
}

/** The 98th percentile of about 200 000 voxels spread over the volume. */
export function brightOf(values: Float32Array | Float64Array): number {
  const step = Math.max(1, Math.floor(values.length / 200_000)) | 1;
  const some: number[] = [];
  for (let n = 0; n < values.length; n += step) if (Number.isFinite(values[n])) some.push(values[n]);
  return some.length === 0 ? 0 : quantile(some, 0.98);
}

/**
 * Whether the template lies where the head is. A brain without its head fits by its inside alone; that it fits shows in
 * the information and in how much of it a small shift would lose (at least 1.06 and 0.02 measured, a melon 1.03 and 0).
 */
export function isPlaced({ verdict, quality }: Registration): boolean {
  return verdict === 'good' || (quality.brainInformation >= 1.05 && quality.sharpness >= 0.012);
}

/** In template mm, the plane of the ears' front and the height of the brow's upper end. */
const frontMm = 10;
const lowMm = 20;

function frontOf(
  { points, pointCm2, areaCm2 }: CutSurface,
  head: Mask | null,
  placed: Registration | null,
): { frontCutCm2: number; lowFrontShare: number } {
  const toTemplate = placed === null ? null : invert(placed.templateToScan);
  const box = toTemplate === null && head !== null ? boxOf(head) : null;
  let [frontCutCm2, lowFrontCm2] = [0, 0];
  if (toTemplate === null && box === null) return { frontCutCm2, lowFrontShare: 0 };
  for (let p = 0; p < pointCm2.length; p++) {
    const [x, y, z] = [points[3 * p], points[3 * p + 1], points[3 * p + 2]];
    let [front, low] = [false, false];
    if (toTemplate !== null) {
      const at = applyMatrix(toTemplate, x, y, z);
      front = at[1] > frontMm;
      low = at[2] < lowMm;
    } else if (box !== null) {
      front = y > (box.back + box.front) / 2;
      low = z < box.bottom + ((box.top - box.bottom) * 2) / 3;
    }
    if (!front) continue;
    frontCutCm2 += pointCm2[p];
    if (low) lowFrontCm2 += pointCm2[p];
  }
  return { frontCutCm2, lowFrontShare: areaCm2 === 0 ? 0 : lowFrontCm2 / areaCm2 };
}

function boxOf({ shape: [nx, ny, nz], affine, bits }: Mask) {
  let [back, front, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (bits[n] === 0) continue;
        const [, y, z] = applyMatrix(affine, i, j, k);
        if (y < back) back = y;
        if (y > front) front = y;
        if (z < bottom) bottom = z;
        if (z > top) top = z;
      }
    }
  }
  return { back, front, bottom: Math.max(bottom, top - 200), top };
}
