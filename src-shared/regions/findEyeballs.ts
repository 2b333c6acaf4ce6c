import { affineOf, applyMatrix, invert, type WorldTransform } from '../volume/affine.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { resample } from '../volume/resample.ts';
import type { Volume } from '../volume/volume.ts';
import { parabolaPeak } from './parabolaPeak.ts';

type Place = readonly [x: number, y: number, z: number];

/** Middles of both eyeballs in template mm. */
export interface Eyeballs {
  readonly left: Place;
  readonly right: Place;
}

/** About where they lie in a registered head, template mm: between those of the template and of simulated heads. */
const usual = { x: 36, y: 55, z: -43 } as const;
const stepMm = 1.5;
/** An adult's eyeball measures 24 mm across (Bekerman et al., J Ophthalmol 2014): within this radius there is nothing but eye. */
const coreRadiiMm = [0, 3.5, 7, 9];
/** At this distance from its middle lie fat, muscle, bone and lids. */
const shellRadiusMm = 14.5;
/** How far from its place in the template an eyeball is looked for, mm. */
const reachMm = { across: 12, forward: 13, up: 15 } as const;
const shellPoints = 80;
const corePoints = [1, 10, 30, 50];
/** Contrast of shell and core, in their own spread, below which no eyeball was seen. */
const leastContrast = 1.6;
/** What two eyes may differ in height and depth, and how far apart they are, template mm. */
const mostApart = { up: 10, forward: 10 } as const;
const between = { least: 54, most: 90 } as const;

/**
 * The eyeballs of a head: dark (T1w, FLAIR) or bright (T2w) balls, even within and unlike what lies around them. Looked for
 * near where the registration puts them; null where no likely pair is found (out of the field, removed, blurred).
 */
export function findEyeballs(scan: Volume, templateToScan: WorldTransform): Eyeballs | null {
  const fine = blockMeanTo(scan, { spacingMm: stepMm });
  const left = ballNear(fine, templateToScan, [-usual.x, usual.y, usual.z]);
  const right = ballNear(fine, templateToScan, [usual.x, usual.y, usual.z]);
  if (left === null || right === null) return null;
  const apart = right[0] - left[0];
  const likely =
    Math.abs(left[2] - right[2]) <= mostApart.up &&
    Math.abs(left[1] - right[1]) <= mostApart.forward &&
    apart >= between.least &&
    apart <= between.most;
  return likely ? { left, right } : null;
}

function ballNear(fine: Volume, templateToScan: WorldTransform, expected: Place): Place | null {
  const m = templateToScan;
  const lengths = [0, 1, 2].map((axis) => Math.hypot(m[axis], m[4 + axis], m[8 + axis]));
  const half = [reachMm.across, reachMm.forward, reachMm.up].map((mm) => Math.ceil(mm / stepMm));
  const margin = Math.ceil(shellRadiusMm / stepMm) + 1;
  const [nx, ny, nz] = half.map((n) => 2 * (n + margin) + 1);
  const middle = applyMatrix(m, ...expected);
  // Axes of the template, steps in mm of the scan.
  const affine = affineOf(
    ([0, 4, 8] as const).flatMap((row, n) => {
      const axes = [0, 1, 2].map((axis) => (m[row + axis] / lengths[axis]) * stepMm);
      const shift = axes.reduce((sum, each, axis) => sum + each * (half[axis] + margin), 0);
      return [...axes, middle[n] - shift];
    }) as unknown as Parameters<typeof affineOf>[0],
  );
  const { values } = resample(fine, { onto: { shape: [nx, ny, nz], affine } });
  const offset = (direction: Place, radius: number): number =>
    Math.round((direction[0] * radius) / stepMm) +
    nx * (Math.round((direction[1] * radius) / stepMm) + ny * Math.round((direction[2] * radius) / stepMm));
  const core = coreRadiiMm.flatMap((radius, n) =>
    directions(corePoints[n]).map((one) => offset(one, radius)),
  );
  const shell = directions(shellPoints).map((one) => offset(one, shellRadiusMm));
  const floor = 0.03 * spread(values);
  const scoreAt = (i: number, j: number, k: number): number => {
    const at = i + nx * (j + ny * k);
    const inside = moments(values, core, at);
    const around = moments(values, shell, at);
    return (
      Math.abs(around.mean - inside.mean) /
      Math.sqrt(inside.variance + 0.25 * around.variance + floor * floor || Infinity)
    );
  };
  let [best, bi, bj, bk] = [leastContrast, -1, 0, 0];
  for (let k = margin; k < nz - margin; k++)
    for (let j = margin; j < ny - margin; j++)
      for (let i = margin; i < nx - margin; i++) {
        const score = scoreAt(i, j, k);
        if (score > best) [best, bi, bj, bk] = [score, i, j, k];
      }
  // On the rim of what was searched it is the side of something larger.
  if (bi <= margin || bj <= margin || bk <= margin) return null;
  if (bi >= nx - margin - 1 || bj >= ny - margin - 1 || bk >= nz - margin - 1) return null;
  const world = applyMatrix(
    affine,
    bi + parabolaPeak(scoreAt(bi - 1, bj, bk), best, scoreAt(bi + 1, bj, bk)),
    bj + parabolaPeak(scoreAt(bi, bj - 1, bk), best, scoreAt(bi, bj + 1, bk)),
    bk + parabolaPeak(scoreAt(bi, bj, bk - 1), best, scoreAt(bi, bj, bk + 1)),
  );
  return applyMatrix(invert(templateToScan), ...world);
}

function moments(
  values: ArrayLike<number>,
  offsets: readonly number[],
  at: number,
): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (const offset of offsets) {
    const value = values[at + offset];
    sum += value;
    squares += value * value;
  }
  const mean = sum / offsets.length;
  return { mean, variance: Math.max(0, squares / offsets.length - mean * mean) };
}

/** From the 5th to the 95th percentile. */
function spread(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length * 0.95)] - sorted[Math.floor(sorted.length * 0.05)];
}

/** Points spread evenly over a sphere, along a spiral. */
function directions(count: number): Place[] {
  if (count === 1) return [[0, 0, 0]];
  const golden = Math.PI * (3 - Math.sqrt(5));
  return Array.from({ length: count }, (_, n): Place => {
    const z = 1 - (2 * n + 1) / count;
    const radius = Math.sqrt(1 - z * z);
    return [radius * Math.cos(golden * n), radius * Math.sin(golden * n), z];
  });
}
