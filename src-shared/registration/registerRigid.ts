import { AppError } from '../api/appError.ts';
import { invert, worldTransformOf, type WorldTransform } from '../volume/affine.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { smooth } from '../volume/gaussian.ts';
import type { Volume } from '../volume/volume.ts';
import { parameterCount, transformOf, type Pivot } from './affineParameters.ts';
import { directionSearch } from './directionSearch.ts';
import { createMatch, type Match, type Samples } from './matchCost.ts';
import { meanWhenMoved } from './meanWhenMoved.ts';
import { airLevel, classLimits, samplesOf } from './samples.ts';
import { matchTarget } from './templateTarget.ts';

export interface RigidRegistration {
  /** World mm of the moving scan to world mm of the fixed one. */
  readonly movingToFixed: WorldTransform;
  readonly quality: {
    /** Normalised mutual information, 1 is none. */
    readonly information: number;
    /** What is lost of it on average when the map is shifted by 8 mm or turned by 9 degrees. Higher is better. */
    readonly sharpness: number;
    /** Share of the fixed scan's field that the moving one shows. */
    readonly overlap: number;
  };
  readonly verdict: 'good' | 'poor';
  readonly reason: string;
}

/** Levels of intensity of the moving scan. */
const levels = 24;
const leastSharpness = 0.006;
const leastOverlap = 0.3;
const degrees = Math.PI / 180;

/**
 * Shifts and turns (6 degrees of freedom) that bring one scan of a head onto another of the same person, of any contrast:
 * T1 onto FLAIR of one session, for one. Largest normalised mutual information (Studholme 1999), from 8 to about 3 mm.
 * Starts where the scanner's coordinates have it and where the middles of the tissue meet, the head turned up to
 * 20 degrees. Throws `registration-no-signal` for a constant scan.
 */
export function registerRigid(moving: Volume, fixed: Volume): RigidRegistration {
  const fine = blockMeanTo(fixed, { spacingMm: 3 });
  const other = blockMeanTo(moving, { spacingMm: 3 });
  const level = airLevel(fine);
  const otherLevel = airLevel(other);
  if (level === null || otherLevel === null) {
    throw new AppError(
      'registration-no-signal',
      'This image has the same value everywhere: there is no head in it.',
    );
  }
  const limits = classLimits(fine, level);
  const coarse = smooth(blockMeanTo(fine, { spacingMm: 8 }), { sigmaMm: 3 });
  const rough = samplesOf(coarse, { level, limits, most: 5000 });
  const dense = samplesOf(fine, { level, limits, most: 30000 });
  const from = middleOf(rough);
  const to = middleOf(
    samplesOf(blockMeanTo(other, { spacingMm: 8 }), { level: otherLevel, limits, most: 5000 }),
  );
  const options = { beyond: 'unknown', levels } as const;
  const coarseMatch = createMatch(rough, matchTarget(moving, { ...options, spacingMm: 8 }));
  const fineMatch = createMatch(dense, matchTarget(moving, { ...options, spacingMm: 3 }));

  let best = { at: starts[0], value: Infinity, pivot: { from, to } as Pivot };
  for (const pivot of [
    { from, to: from },
    { from, to },
  ]) {
    for (const start of starts) {
      const found = directionSearch(costOf(coarseMatch, pivot), start, coarseSearch);
      if (found.value < best.value - 1e-6) best = { ...found, pivot };
    }
  }
  const { at: start, pivot } = best;
  const { at } = directionSearch(costOf(fineMatch, pivot), start, fineSearch);
  const fixedToMoving = transformOf(at, pivot);
  const { information, known } = fineMatch(fixedToMoving);
  const sharpness = information - meanWhenMoved(fineMatch, fixedToMoving, from);
  const good = known >= leastOverlap && sharpness >= leastSharpness;
  return {
    movingToFixed: worldTransformOf(invert(fixedToMoving)),
    quality: { information, sharpness, overlap: known },
    verdict: good ? 'good' : 'poor',
    reason: good
      ? 'The two scans agree in one place only.'
      : known < leastOverlap
        ? 'The two scans show too little of the same place.'
        : 'The two scans agree no better in the place found than beside it.',
  };
}

const stepsOf = (mm: number, radians: number): Float64Array =>
  Float64Array.from({ length: parameterCount }, (_, n) => (n < 3 ? mm : n < 6 ? radians : 0));
const coarseSearch = { steps: stepsOf(8, 6 * degrees), finest: 0.2, maxSweeps: 12 };
const fineSearch = { steps: stepsOf(2, 1.5 * degrees), finest: 0.04, maxSweeps: 16 };

const starts: readonly Float64Array[] = [
  [0, 0, 0], [20, 0, 0], [-20, 0, 0], [0, 0, 20], [0, 0, -20], [0, 20, 0], [0, -20, 0],
].map((turns) => {
  const at = new Float64Array(parameterCount);
  at.set(turns.map((turn) => turn * degrees), 3);
  return at;
}); // prettier-ignore

function costOf(match: (map: WorldTransform) => Match, pivot: Pivot): (at: Float64Array) => number {
  return (at) => {
    const { information, known } = match(transformOf(at, pivot));
    return -information + 0.5 * Math.max(0, 0.5 - known);
  };
}

function middleOf({ points, classes }: Samples): [number, number, number] {
  const sum = [0, 0, 0];
  let count = 0;
  for (let n = 0; n < classes.length; n++) {
    if (classes[n] === 0) continue;
    for (let axis = 0; axis < 3; axis++) sum[axis] += points[3 * n + axis];
    count++;
  }
  return [sum[0] / Math.max(1, count), sum[1] / Math.max(1, count), sum[2] / Math.max(1, count)];
}
