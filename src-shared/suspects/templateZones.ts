import { regionLabels, type Region, type Template } from '../registration/template.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import { invert, multiply } from '../volume/affine.ts';
import type { Mask } from '../volume/volume.ts';

/** What the template expects in one zone, and what the scan shows there. */
export interface Zone {
  /** Tissue the template expects there, inside the scan's field, ml. */
  readonly expectedMl: number;
  /** Share of the expected tissue where the scan has none. */
  readonly missing: number;
  /** Share of what is missing that is exactly empty. */
  readonly voidOfMissing: number;
  /** Share of the whole zone that lies in the scan's field. */
  readonly inField: number;
}

export interface TemplateZones {
  readonly eyes: Zone;
  readonly nose: Zone;
  readonly mouth: Zone;
  readonly face: Zone;
  /** Skin and skull at least a centimetre off the brain, above the face. */
  readonly scalp: Zone;
  readonly brain: Zone;
}
type ZoneName = keyof TemplateZones;

const faceRegions: readonly Region[] = [
  'leftEye',
  'rightEye',
  'nose',
  'mouth',
  'chinJaw',
  'leftCheek',
  'rightCheek',
];
const zoneOfRegion: Partial<Record<Region, ZoneName>> = {
  leftEye: 'eyes', rightEye: 'eyes', nose: 'nose', mouth: 'mouth',
}; // prettier-ignore
const regionNames = Object.keys(regionLabels) as Region[];

/** Template tissue is brighter than this; the brain's mean is one half. */
const tissue = 0.12;

/** Compares tissue voxel by voxel of the template. `head` and `voids` lie on one grid. */
export function templateZones({
  head,
  voids,
  template,
  registration,
}: {
  head: Mask;
  voids: Uint8Array;
  template: Template;
  registration: Registration;
}): TemplateZones {
  const { shape: [tx, ty, tz] } = template; // prettier-ignore
  const m = multiply(invert(head.affine), multiply(registration.templateToScan, template.affine));
  const [nx, ny, nz] = head.shape;
  const near = nearBrain(template);
  const t = template.affine;
  const ml = Math.abs(t[0] * (t[5] * t[10] - t[6] * t[9])) / 1000;
  const all = () => ({ expected: 0, seen: 0, missing: 0, void: 0 });
  const sums = { eyes: all(), nose: all(), mouth: all(), face: all(), scalp: all(), brain: all() };
  for (let k = 0, n = 0; k < tz; k++) {
    for (let j = 0; j < ty; j++) {
      for (let i = 0; i < tx; i++, n++) {
        if (template.head.values[n] <= tissue || template.known?.values[n] === 0) continue;
        const brain = template.brain.values[n];
        const region = regionNames[template.labels.labels[n] - 1];
        const inFace = faceRegions.includes(region);
        const z = t[10] * k + t[11];
        let name: ZoneName;
        if (brain > 0.9) name = 'brain';
        else if (inFace && brain < 0.02) name = zoneOfRegion[region] ?? 'face';
        else if (!inFace && near[n] === 0 && z > scalpAboveMm) name = 'scalp';
        else continue;
        const x = Math.round(m[0] * i + m[1] * j + m[2] * k + m[3]);
        const y = Math.round(m[4] * i + m[5] * j + m[6] * k + m[7]);
        const w = Math.round(m[8] * i + m[9] * j + m[10] * k + m[11]);
        const inside = x >= 0 && y >= 0 && w >= 0 && x < nx && y < ny && w < nz;
        const at = x + nx * (y + ny * w);
        for (const sum of inFace && name !== 'face' && name !== 'brain'
          ? [sums[name], sums.face]
          : [sums[name]]) {
          sum.expected++;
          if (!inside) continue;
          sum.seen++;
          if (head.bits[at] === 1) continue;
          sum.missing++;
          sum.void += voids[at];
        }
      }
    }
  }
  const zone = (s: ReturnType<typeof all>): Zone => ({
    expectedMl: s.seen * ml,
    missing: s.seen === 0 ? 0 : s.missing / s.seen,
    voidOfMissing: s.missing === 0 ? 0 : s.void / s.missing,
    inField: s.expected === 0 ? 0 : s.seen / s.expected,
  });
  return {
    eyes: zone(sums.eyes),
    nose: zone(sums.nose),
    mouth: zone(sums.mouth),
    face: zone(sums.face),
    scalp: zone(sums.scalp),
    brain: zone(sums.brain),
  };
}

/** Height in template mm above which the scalp is looked for: over the ears and the brow. */
const scalpAboveMm = 0;
const nearMm = 6;

/** 1 within about `nearMm` of the template's brain, along the axes. */
function nearBrain({ brain, shape: [nx, ny, nz], affine }: Template): Uint8Array {
  const reach = Math.round(nearMm / Math.abs(affine[0]));
  let bits = Uint8Array.from(brain.values, (share) => (share > 0.1 ? 1 : 0));
  for (const [stride, length] of [
    [1, nx],
    [nx, ny],
    [nx * ny, nz],
  ] as const) {
    // prettier-ignore
    const out = bits.slice();
    for (let n = 0; n < bits.length; n++) {
      if (bits[n] === 0) continue;
      const at = Math.floor(n / stride) % length;
      for (let d = -reach; d <= reach; d++) if (at + d >= 0 && at + d < length) out[n + d * stride] = 1;
    }
    bits = out;
  }
  return bits;
}
