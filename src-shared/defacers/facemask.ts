import { AppError } from '../api/appError.ts';
import { invert, multiply } from '../volume/affine.ts';
import { distanceTo } from '../volume/distance.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import { regionLabels, type Region, type Template } from '../registration/template.ts';
import { sameGrid, type Mask, type Volume } from '../volume/volume.ts';

export interface FacemaskOptions {
  /** The labelled face is grown by this, in template mm. */
  readonly marginMm: number;
  /** Nothing this near to the brain is removed. */
  readonly brainMarginMm: number;
  /** Whether the ears go too. */
  readonly ears: boolean;
}

export const defaultFacemask: FacemaskOptions = { marginMm: 2, brainMarginMm: 3, ears: false };

export interface Facemasked {
  /** On the scan's grid. */
  readonly removal: Mask;
  readonly removedVoxels: number;
  /** Voxels of the labelled face kept because they lie in or near the brain. */
  readonly sparedVoxels: number;
  /** Whether the brain that was spared is the scan's own mask or the template's, carried over. */
  readonly brainFrom: 'mask' | 'template';
}

const faceParts: readonly Region[] = [
  'leftEye',
  'rightEye',
  'nose',
  'mouth',
  'chinJaw',
  'leftCheek',
  'rightCheek',
];
const earParts: readonly Region[] = ['leftEar', 'rightEar'];
/** Template voxels with at least this share of brain are spared where a scan has no brain mask. */
const leastBrain = 0.25;

/**
 * The face of the registered template, with a margin, carried onto the scan: eyes, nose, mouth, chin, jaw and cheeks with
 * the soft tissue behind and everything in front, never inside the brain grown by a margin. `brain` lies on the scan's
 * grid; without one the template's brain is spared. After the method of Bischoff-Grethe et al. 2007 (doi
 * 10.1002/hbm.20312) and PyDeface, with another registration, mask and rule for the brain. Throws `registration-poor`,
 * `mask-wrong-grid` and `margin-negative`.
 */
export function facemask({
  scan,
  brain,
  template,
  registration,
  options,
}: {
  readonly scan: Volume;
  readonly brain: Mask | null;
  readonly template: Template;
  readonly registration: Registration;
  readonly options?: Partial<FacemaskOptions>;
}): Facemasked {
  const { marginMm, brainMarginMm, ears } = { ...defaultFacemask, ...options };
  if (registration.verdict === 'poor') {
    throw new AppError('registration-poor', `No head could be found in this image. ${registration.reason}`, {
      ...registration.quality,
    });
  }
  if (!(marginMm >= 0 && marginMm < 50 && brainMarginMm >= 0 && brainMarginMm < 50)) {
    throw new AppError('margin-negative', 'Margins must be 0 to 50 mm.', { marginMm, brainMarginMm });
  }
  if (brain !== null && !sameGrid(brain, scan)) {
    throw new AppError(
      'mask-wrong-grid',
      'This mask does not lie on the grid of the scan it is meant for.',
      {},
    );
  }
  const zone = zoneOf(template, { marginMm, ears, carvedMm: brain === null ? brainMarginMm : null });
  const bits = carryZone(scan, template, registration, zone);
  let spared = 0;
  if (brain !== null) {
    const near = distanceTo(brain, { saturateMm: brainMarginMm + 1e-3 });
    for (let n = 0; n < bits.length; n++) {
      if (bits[n] === 1 && near[n] <= brainMarginMm) {
        bits[n] = 0;
        spared++;
      }
    }
  }
  let removedVoxels = 0;
  for (const bit of bits) removedVoxels += bit;
  return {
    removal: { shape: scan.shape, affine: scan.affine, bits },
    removedVoxels,
    sparedVoxels: spared,
    brainFrom: brain === null ? 'template' : 'mask',
  };
}

/**
 * On the template's grid: below 0 inside what is to be removed, in mm. The brain of the template is taken out with
 * `carvedMm` round it unless that is null.
 */
function zoneOf(
  { labels, brain, shape, affine }: Template,
  { marginMm, ears, carvedMm }: { marginMm: number; ears: boolean; carvedMm: number | null },
): Float32Array {
  const parts = new Set(
    (ears ? [...faceParts, ...earParts] : faceParts).map((name) => regionLabels[name] as number),
  );
  const face = Uint8Array.from(labels.labels, (label) => (parts.has(label) ? 1 : 0));
  const reach = marginMm + 4;
  const outside = distanceTo({ shape, affine, bits: face }, { saturateMm: reach });
  const inside = distanceTo({ shape, affine, bits: face.map((bit) => 1 - bit) }, { saturateMm: 4 });
  for (let n = 0; n < outside.length; n++) outside[n] += -inside[n] - marginMm;
  if (carvedMm !== null) {
    const bits = Uint8Array.from(brain.values, (share) => (share >= leastBrain ? 1 : 0));
    const near = distanceTo({ shape, affine, bits }, { saturateMm: carvedMm + 6 });
    for (let n = 0; n < outside.length; n++) outside[n] = Math.max(outside[n], carvedMm - near[n] + 1);
  }
  return outside;
}

/** 1 where the zone, read trilinearly at the voxel's place in the template, is below 0. The zone's borders go on for ever. */
function carryZone(
  scan: Volume,
  template: Template,
  { templateToScan }: Registration,
  zone: Float32Array,
): Uint8Array {
  const [nx, ny, nz] = scan.shape;
  const [tx, ty, tz] = template.shape;
  const m = multiply(invert(template.affine), multiply(invert(templateToScan), scan.affine));
  const bits = new Uint8Array(nx * ny * nz);
  const slab = tx * ty;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const u0 = m[1] * j + m[2] * k + m[3];
      const v0 = m[5] * j + m[6] * k + m[7];
      const w0 = m[9] * j + m[10] * k + m[11];
      for (let i = 0; i < nx; i++, n++) {
        const u = Math.max(0, Math.min(tx - 1.001, u0 + m[0] * i));
        const v = Math.max(0, Math.min(ty - 1.001, v0 + m[4] * i));
        const w = Math.max(0, Math.min(tz - 1.001, w0 + m[8] * i));
        const a = u | 0;
        const b = v | 0;
        const c = w | 0;
        const at = a + tx * b + slab * c;
        // Far from the border all eight corners have one sign.
        const first = zone[at];
        if (first > 3.5) continue;
        const fu = u - a;
        const fv = v - b;
        const fw = w - c;
        const low =
          (zone[at] * (1 - fu) + zone[at + 1] * fu) * (1 - fv) +
          (zone[at + tx] * (1 - fu) + zone[at + tx + 1] * fu) * fv;
        const up = at + slab;
        const high =
          (zone[up] * (1 - fu) + zone[up + 1] * fu) * (1 - fv) +
          (zone[up + tx] * (1 - fu) + zone[up + tx + 1] * fu) * fv;
        if (low * (1 - fw) + high * fw < 0) bits[n] = 1;
      }
    }
  }
  return bits;
}
