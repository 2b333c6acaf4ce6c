import { AppError } from '../api/appError.ts';
import {
  applyMatrix,
  invert,
  multiply,
  worldTransformOf,
  type Matrix,
  type WorldTransform,
} from '../volume/affine.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { smooth } from '../volume/gaussian.ts';
import type { Volume } from '../volume/volume.ts';
import { parameterCount, transformOf, type Pivot } from './affineParameters.ts';
import { directionSearch } from './directionSearch.ts';
import { createMatch, type Match, type MatchTarget } from './matchCost.ts';
import { assessRegistration, type RegistrationQuality } from './registrationQuality.ts';
import { airLevel, classLimits, samplesOf } from './samples.ts';
import type { Template } from './template.ts';
import { matchTarget } from './templateTarget.ts';

export interface Registration {
  /** World mm of the template to world mm of the scan. */
  readonly templateToScan: WorldTransform;
  readonly quality: RegistrationQuality;
  readonly verdict: 'good' | 'poor';
  /** One sentence: what makes the verdict. */
  readonly reason: string;
}

export interface RegisterOptions {
  /** How many candidates of the coarse search are refined. More is slower and safer. */
  readonly candidates?: number;
}

/** Penalty for heads unlike others: a scale off by 15 % or a shear of 0.1 costs this much information. */
const plausibility = 0.004;
const scaleSpread = 0.15;
const shearSpread = 0.1;

/**
 * The affine map (12 degrees of freedom) of the template head onto a scan of a head, any contrast, orientation and field
 * of view. Maximises the normalised mutual information (Studholme 1999) between the scan's intensities and the template's
 * tissue and brain share, from a wide search at 8 mm over shifts and turns to about 3 mm. Where the scan's field ends
 * nothing is asked of the template. Deterministic. Throws `registration-no-signal` for a constant scan; a scan that is no
 * head gives the verdict 'poor'.
 */
export function registerToTemplate(
  scan: Volume,
  template: Template,
  { candidates = 6 }: RegisterOptions = {},
): Registration {
  const targets = targetsOf(template);
  const fine = blockMeanTo(scan, { spacingMm: 3 });
  const level = airLevel(fine);
  if (level === null) {
    throw new AppError(
      'registration-no-signal',
      'This image has the same value everywhere: there is no head in it.',
    );
  }
  const coarse = smooth(blockMeanTo(fine, { spacingMm: 8 }), { sigmaMm: 3 });
  const limits = classLimits(fine, level);
  const rough = samplesOf(coarse, { level, limits, most: 6000 });
  const sparse = samplesOf(coarse, { level, limits, most: 2500 });
  const pivot = pivotOf(rough, template);

  const coarseCost = costOf(createMatch(rough, targets.coarse), pivot);
  const sparseCost = costOf(createMatch(sparse, targets.coarse), pivot);
  const starts = best(lattice(sparseCost), 3 * candidates, 0.02);
  const turned = best(
    starts.flatMap(({ at }) => turnsOf(at, sparseCost)),
    2 * candidates,
    0.02,
  );
  const rigid = turned.map(({ at }) => directionSearch(sparseCost, at, rigidSearch));
  const affine = best(rigid, Math.ceil(candidates / 2), 0.02).map(({ at }) =>
    directionSearch(coarseCost, at, coarseSearch),
  );
  const finalists = best(affine, 2, 0.02);

  const middle = samplesOf(fine, { level, limits, most: 9000 });
  const middleCost = costOf(createMatch(middle, targets.fine), pivot);
  const chosen = best(
    finalists.map(({ at }) => directionSearch(middleCost, at, middleSearch)),
    1,
    0,
  )[0];
  const centred = brainWeight(targets.fine, transformOf(chosen.at, pivot));
  const dense = samplesOf(fine, { level, limits, most: 60000 }, centred);
  const fineCost = costOf(createMatch(dense, targets.fine), pivot);
  const { at } = directionSearch(fineCost, chosen.at, fineSearch);
  const scanToTemplate = transformOf(at, pivot);
  const otherWay = (): boolean =>
    halfTurns(pivot.to).some((over) => {
      const cost = costOf(createMatch(sparse, targets.coarse), pivot, over);
      const turnedOver = best(lattice(cost), 4, 0.02).map((start) =>
        directionSearch(cost, start.at, rigidSearch),
      );
      return best(turnedOver, 2, 0.02).some((start) => {
        const found = directionSearch(cost, start.at, coarseSearch);
        return (
          found.value < sparseCost(finalists[0].at) &&
          !alike(multiply(over, transformOf(found.at, pivot)), scanToTemplate)
        );
      });
    });
  const assessed = assessRegistration({
    fine,
    level,
    limits,
    template,
    target: targets.fine,
    scanToTemplate,
    otherWay,
  });
  return { templateToScan: worldTransformOf(invert(scanToTemplate)), ...assessed };
}

/** Half turns about the x, y and z axis through a place. */
function halfTurns([x, y, z]: Pivot['to']): WorldTransform[] {
  return [
    [1, 0, 0, 0, 0, -1, 0, 2 * y, 0, 0, -1, 2 * z],
    [-1, 0, 0, 2 * x, 0, 1, 0, 0, 0, 0, -1, 2 * z],
    [-1, 0, 0, 2 * x, 0, -1, 0, 2 * y, 0, 0, 1, 0],
  ].map((m) => worldTransformOf(m as unknown as Matrix));
}

/** Whether two maps turn every axis into about the same direction. */
function alike(a: Matrix, b: Matrix): boolean {
  return [0, 1, 2].every((c) => {
    const along = a[c] * b[c] + a[c + 4] * b[c + 4] + a[c + 8] * b[c + 8];
    return along > 0.5 * Math.hypot(a[c], a[c + 4], a[c + 8]) * Math.hypot(b[c], b[c + 4], b[c + 8]);
  });
}

interface Candidate {
  readonly at: Float64Array;
  readonly value: number;
}
type Cost = (at: Float64Array) => number;

const degrees = Math.PI / 180;
const rigidSteps = [8, 8, 8, 6 * degrees, 6 * degrees, 6 * degrees];
const search = (steps: readonly number[], finest: number, maxSweeps: number) => ({
  steps: Float64Array.from({ length: parameterCount }, (_, n) => steps[n] ?? 0),
  finest,
  maxSweeps,
});
const rigidSearch = search(rigidSteps, 0.3, 8);
const coarseSearch = search([6, 6, 6, 0.08, 0.08, 0.08, 0.06, 0.06, 0.06, 0.03, 0.03, 0.03], 0.2, 12);
const middleSearch = search([3, 3, 3, 0.04, 0.04, 0.04, 0.03, 0.03, 0.03, 0.02, 0.02, 0.02], 0.12, 16);
const fineSearch = search([1, 1, 1, 0.015, 0.015, 0.015, 0.012, 0.012, 0.012, 0.01, 0.01, 0.01], 0.12, 12);

/** Lower is better: what is left of information, and how unlike other heads the map makes this one. */
function costOf(match: (map: WorldTransform) => Match, pivot: Pivot, over?: WorldTransform): Cost {
  return (at) => {
    const map = transformOf(at, pivot);
    const { information, known } = match(over === undefined ? map : worldTransformOf(multiply(over, map)));
    let unlikely = 0;
    for (let n = 6; n < 9; n++) unlikely += (at[n] / scaleSpread) * (at[n] / scaleSpread);
    // What all three axes share is a matter of the head's size, not of its form.
    const size = (at[6] + at[7] + at[8]) / 3 / scaleSpread;
    unlikely -= 1.5 * size * size;
    for (let n = 9; n < 12; n++) unlikely += (at[n] / shearSpread) * (at[n] / shearSpread);
    return -information + plausibility * unlikely + 0.3 * Math.max(0, 0.6 - known);
  };
}

/** Shifts and nods on a lattice about the pivot. */
function lattice(cost: Cost): Candidate[] {
  const found: Candidate[] = [];
  for (const x of [-24, 0, 24]) {
    for (const y of [-45, -15, 15, 45]) {
      for (const z of [-60, -36, -12, 12, 36, 60]) {
        for (const nod of [-40, -20, 0, 20, 40]) {
          const at = new Float64Array(parameterCount);
          at.set([x, y, z, nod * degrees]);
          found.push({ at, value: cost(at) });
        }
      }
    }
  }
  return found;
}

/** A candidate with the head turned and tilted. */
function turnsOf(start: Float64Array, cost: Cost): Candidate[] {
  const found: Candidate[] = [];
  for (const tilt of [-25, 0, 25]) {
    for (const turn of [-30, 0, 30]) {
      const at = start.slice();
      at[4] = tilt * degrees;
      at[5] = turn * degrees;
      found.push({ at, value: cost(at) });
    }
  }
  return found;
}

/** The `count` lowest, none of which lies within `apart` radians and 50 times as many mm of a lower one. */
function best(candidates: readonly Candidate[], count: number, apart: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of [...candidates].sort((a, b) => a.value - b.value)) {
    const near = kept.some(({ at }) => {
      let far = 0;
      for (let n = 0; n < 6; n++)
        far = Math.max(far, Math.abs(at[n] - candidate.at[n]) / (n < 3 ? 50 * apart : apart));
      return far < 1;
    });
    if (!near) kept.push(candidate);
    if (kept.length === count) break;
  }
  return kept;
}

/** The middle of the scan's tissue, looked for no deeper than a head below its top, onto the middle of the brain. */
function pivotOf(
  { points, classes }: { points: Float32Array; classes: Uint8Array },
  template: Template,
): Pivot {
  const heights: number[] = [];
  for (let n = 0; n < classes.length; n++) if (classes[n] > 0) heights.push(points[3 * n + 2]);
  heights.sort((a, b) => a - b);
  const floor = heights.length === 0 ? -Infinity : heights[Math.floor(0.985 * (heights.length - 1))] - 170;
  const sum = [0, 0, 0, 0];
  for (let n = 0; n < classes.length; n++) {
    if (classes[n] === 0 || points[3 * n + 2] < floor) continue;
    for (let axis = 0; axis < 3; axis++) sum[axis] += points[3 * n + axis];
    sum[3]++;
  }
  const from = [0, 1, 2].map((axis) => (sum[3] > 0 ? sum[axis] / sum[3] : 0)) as [number, number, number];
  return { from, to: brainCentre(template) };
}

function brainCentre({ brain }: Template): [number, number, number] {
  const { shape: [nx, ny], values } = brain; // prettier-ignore
  const sum = [0, 0, 0, 0];
  for (let n = 0; n < values.length; n++) {
    const share = values[n];
    if (share === 0) continue;
    const i = n % nx;
    const j = ((n - i) / nx) % ny;
    sum[0] += share * i;
    sum[1] += share * j;
    sum[2] += share * (((n - i) / nx - j) / ny);
    sum[3] += share;
  }
  return applyMatrix(brain.affine, sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]);
}

/** 1 in and near the brain, less far from it: necks and jaws bend, and must not pull the brain along. */
function brainWeight(target: MatchTarget, map: WorldTransform): (x: number, y: number, z: number) => number {
  const [nx, ny, nz] = target.shape;
  const share = new Float32Array(nx * ny * nz);
  for (let n = 0; n < share.length; n++) share[n] = target.pairs[2 * n + 1];
  const near = smooth({ shape: target.shape, affine: target.affine, values: share }, { sigmaMm: 12 }).values;
  const toVoxel = invert(target.affine);
  return (x, y, z) => {
    const world = applyMatrix(map, x, y, z);
    const [u, v, w] = applyMatrix(toVoxel, ...world);
    const i = Math.round(u);
    const j = Math.round(v);
    const k = Math.round(w);
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return 0;
    return near[i + nx * (j + ny * k)] > 0.02 ? 1 : 0.15;
  };
}

interface Targets {
  readonly coarse: MatchTarget;
  readonly fine: MatchTarget;
}

const targetCache = new WeakMap<Template, Targets>();

/** Made once for each template object; the same for all scans. */
function targetsOf(template: Template): Targets {
  const found = targetCache.get(template);
  if (found !== undefined) return found;
  const { head, brain } = template;
  const known = template.known === undefined ? {} : { known: template.known };
  const made = {
    coarse: matchTarget(head, { brain, ...known, spacingMm: 8, beyond: 'air' }),
    fine: matchTarget(head, { brain, ...known, spacingMm: 4, beyond: 'air' }),
  };
  targetCache.set(template, made);
  return made;
}
