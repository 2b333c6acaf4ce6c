import { applyMatrix, invert, multiply, type WorldTransform } from '../volume/affine.ts';
import type { Volume } from '../volume/volume.ts';
import { createMatch, type MatchTarget } from './matchCost.ts';
import { meanWhenMoved } from './meanWhenMoved.ts';
import { samplesOf } from './samples.ts';
import { regionLabels, type Template } from './template.ts';

export interface RegistrationQuality {
  /** Overlap (Dice) of the scan's tissue with the template's, inside the scan's field and above the neck. Higher is better. */
  readonly headOverlap: number;
  /** Normalised mutual information inside the head near the brain, 1 is none. Higher is better. */
  readonly brainInformation: number;
  /** How much of that is lost when the map is shifted or turned a little: 0 means that the place does not matter. */
  readonly sharpness: number;
  /** Share of the template's brain that lies in the scan's field. */
  readonly brainInField: number;
  /** Length in the scan of one template millimetre, along the template's axes. */
  readonly scales: readonly [number, number, number];
}

export interface Assessed {
  readonly quality: RegistrationQuality;
  readonly verdict: 'good' | 'poor';
  readonly reason: string;
}

interface Assessing {
  readonly fine: Volume;
  readonly level: number;
  readonly limits: Float64Array;
  readonly template: Template;
  readonly target: MatchTarget;
  readonly scanToTemplate: WorldTransform;
  /** Whether the head fits better when turned by half a circle; asked only in doubt. */
  readonly otherWay: () => boolean;
}

/** Tells a head that was found from anything else, from measured numbers. */
export function assessRegistration({
  fine,
  level,
  limits,
  template,
  target,
  scanToTemplate,
  otherWay,
}: Assessing): Assessed {
  const templateToScan = invert(scanToTemplate);
  const brainSamples = samplesOf(
    fine,
    { level, limits, most: 30000 },
    brainRegion(target, scanToTemplate, 0.02),
  );
  const match = createMatch(brainSamples, target);
  const brainInformation = match(scanToTemplate).information;
  const lost = brainInformation - meanWhenMoved(match, scanToTemplate, centreOf(brainSamples.points));
  const scales = [0, 1, 2].map((c) =>
    Math.hypot(templateToScan[c], templateToScan[c + 4], templateToScan[c + 8]),
  ) as unknown as [number, number, number];
  const quality: RegistrationQuality = {
    headOverlap: headOverlap(fine, level, template, scanToTemplate),
    brainInformation,
    sharpness: lost,
    brainInField: brainInField(fine, template, templateToScan),
    scales,
  };
  return { quality, ...judge(quality, otherWay) };
}

/** Limits between heads and other things; the measured heads lie well on the good side of each. */
function judge(
  q: RegistrationQuality,
  otherWay: () => boolean,
): { verdict: 'good' | 'poor'; reason: string } {
  const poor = (reason: string) => ({ verdict: 'poor' as const, reason });
  if (q.scales.some((scale) => scale < 0.65 || scale > 1.4))
    return poor('The head found has a size no head has.');
  if (q.brainInField < 0.5) return poor('Less than half of the brain lies in the field of view.');
  if (q.headOverlap < 0.85) return poor('The outline of what is in the image is not that of a head.');
  // A brain of another contrast or a drawn one agrees less; then the outline has to be all the better.
  if (q.sharpness < 0.012 && (q.headOverlap < 0.948 || q.sharpness < 0.0003)) {
    return poor('What lies inside the outline does not agree with a brain.');
  }
  if (q.sharpness < 0.012 && otherWay()) {
    return poor('The head lies otherwise in the image than the orientation in its header says.');
  }
  return { verdict: 'good', reason: 'Outline and inner structure agree with the template head.' };
}

function centreOf(points: Float32Array): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let n = 0; n < points.length; n++) sum[n % 3] += points[n];
  const count = Math.max(1, points.length / 3);
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** Weight 1 where the target's brain share is above `least`. */
function brainRegion(target: MatchTarget, map: WorldTransform, least: number) {
  const [nx, ny, nz] = target.shape;
  const toVoxel = invert(target.affine);
  return (x: number, y: number, z: number): number => {
    const [u, v, w] = applyMatrix(toVoxel, ...applyMatrix(map, x, y, z));
    const i = Math.round(u);
    const j = Math.round(v);
    const k = Math.round(w);
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return 0;
    return target.pairs[2 * (i + nx * (j + ny * k)) + 1] > least ? 1 : 0;
  };
}

/** Template tissue: brighter than this share of its 98th percentile. */
const tissueShare = 0.12;

function headOverlap(fine: Volume, level: number, template: Template, map: WorldTransform): number {
  const { shape: [nx, ny, nz], affine, values } = fine; // prettier-ignore
  const { head, labels } = template;
  const [tx, ty, tz] = template.shape;
  const toVoxel = multiply(invert(template.affine), multiply(map, affine));
  let [both, scanOnly, templateOnly] = [0, 0, 0];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const [u, v, w] = applyMatrix(toVoxel, i, j, k);
        const a = Math.round(u);
        const b = Math.round(v);
        const c = Math.round(w);
        const tissue = values[n] > level;
        if (a < 0 || b < 0 || a >= tx || b >= ty || c >= tz) {
          if (tissue && c >= tz * 0.45) scanOnly++;
          continue;
        }
        if (c < tz * 0.45) continue;
        const at = a + tx * (b + ty * c);
        if (labels.labels[at] === regionLabels.neck || template.known?.values[at] === 0) continue;
        const expected = head.values[at] > tissueShare;
        if (tissue && expected) both++;
        else if (tissue) scanOnly++;
        else if (expected) templateOnly++;
      }
    }
  }
  return both === 0 ? 0 : (2 * both) / (2 * both + scanOnly + templateOnly);
}

function brainInField(
  fine: Volume,
  { brain }: Template,
  templateToScan: WorldTransform | ReturnType<typeof invert>,
): number {
  const [nx, ny, nz] = fine.shape;
  const [tx, ty, tz] = brain.shape;
  const toVoxel = multiply(invert(fine.affine), multiply(templateToScan, brain.affine));
  let [all, seen] = [0, 0];
  for (let k = 0; k < tz; k += 2) {
    for (let j = 0; j < ty; j += 2) {
      for (let i = 0; i < tx; i += 2) {
        const share = brain.values[i + tx * (j + ty * k)];
        if (share < 0.5) continue;
        const [u, v, w] = applyMatrix(toVoxel, i, j, k);
        all++;
        if (u >= -0.5 && v >= -0.5 && w >= -0.5 && u < nx - 0.5 && v < ny - 0.5 && w < nz - 0.5) seen++;
      }
    }
  }
  return all === 0 ? 0 : seen / all;
}
