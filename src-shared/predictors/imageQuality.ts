import type { FeatureValue } from '../features/feature.ts';
import type { Modality } from '../domain/modality.ts';
import { quantile } from '../stats/quantile.ts';
import { findHead } from '../views/findHead.ts';
import { dilate, erode } from '../volume/morphology.ts';
import { countInside, type Mask, type Shape, type Volume } from '../volume/volume.ts';
import type { Predictor, PredictorValues } from './predictor.ts';
import { cjv, cnr, efc, fber, snr, summaryOf, wmToMax, type TissueSummary } from './qualityFormulas.ts';
import { tissueCuts } from './tissueClasses.ts';

const help = 'image_quality';
const entry = (
  id: string,
  title: string,
  unit: string,
  range: readonly [number, number],
  better: Predictor['better'],
  description: string,
): Predictor => ({ id, version: 1, title, unit, range, better, description, help, group: 'image-quality' });

/** Image quality of the original in the style of MRIQC (Esteban 2017). Source: resources/help/features/image_quality.md. */
export const imageQualityPredictors: readonly Predictor[] = [
  entry('iq_snr_wm', 'Signal to noise, white matter', 'ratio', [0, Infinity], 'higher', 'Median of white matter divided by its standard deviation.'),
  entry('iq_snr_gm', 'Signal to noise, grey matter', 'ratio', [0, Infinity], 'higher', 'Median of grey matter divided by its standard deviation.'),
  entry('iq_cnr', 'Contrast to noise', 'ratio', [0, Infinity], 'higher', 'Difference of the medians of white and grey matter, divided by the root of the summed variances of both and of air.'),
  entry('iq_cjv', 'Joint variation', 'ratio', [0, Infinity], 'lower', 'Median absolute deviations of white and grey matter together, divided by the difference of their medians.'),
  entry('iq_efc', 'Entropy focus', 'ratio', [0, 1], 'lower', 'Entropy of the intensities as a share of the greatest possible; ghosts and blur raise it. Emptied background is left out.'),
  entry('iq_fber', 'Head to background energy', 'ratio', [0, Infinity], 'higher', 'Mean square intensity of the head divided by that of the air around it. Emptied background is left out.'),
  entry('iq_wm2max', 'White matter to maximum', 'ratio', [0, Infinity], 'neither', 'Median of white matter divided by the 99.95th percentile of the image; far from .6 to .8 tells of very bright fat or vessels.'),
]; // prettier-ignore

export interface QualityInput {
  readonly scan: Volume;
  /** The brain, on the scan's grid; null for none. */
  readonly brain: Mask | null;
  readonly contrast: Modality;
}

/** Fewer voxels than this say nothing of a tissue or of the air. */
const leastVoxels = 500;
/** Less air than this share of the image is what an emptied background left over. */
const leastAirShare = 0.01;
/** The rim of the head is neither head nor air. */
const rimMm = 4;
/** The rim of the brain is skull and fluid. */
const brainRimMm = 2;

/** Which of the three classes, dark to bright, are white and grey matter. */
const orders: Readonly<Partial<Record<Modality, { readonly white: number; readonly grey: number }>>> = {
  T1w: { white: 2, grey: 1 },
  FLAIR: { white: 1, grey: 2 },
  T2w: { white: 0, grey: 1 },
};

/**
 * The seven numbers of one scan. Where a scanner, a mask or an earlier defacing emptied the background, those voxels are
 * neither head nor air nor part of the entropy: a scan and its defacing are judged by the same noise. What cannot be told is
 * `null` with the reason.
 */
export function imageQuality({ scan, brain, contrast }: QualityInput): PredictorValues {
  const { mask: head, darkest } = findHead(scan);
  const { values } = scan;
  const emptied = emptiedVoxels(scan, darkest);
  const near = dilate(head, { radiusMm: rimMm });
  // Intensities count from the darkest voxel: a stored offset is no signal.
  const kept = new Float64Array(values.length);
  let keptCount = 0;
  let headSquares = 0;
  let airSquares = 0;
  let air = 0;
  let airSum = 0;
  const headCount = countInside(head.bits);
  for (let n = 0; n < values.length; n++) {
    const value = Number.isFinite(values[n]) ? values[n] - darkest : 0;
    if (head.bits[n] === 1) headSquares += value * value;
    if (emptied[n] === 1) continue;
    kept[keptCount++] = value;
    if (near.bits[n] === 0) {
      air++;
      airSum += value;
      airSquares += value * value;
    }
  }
  const seen = kept.subarray(0, keptCount);
  const hasAir = air >= leastVoxels && air >= leastAirShare * values.length;
  const airMean = airSum / air;
  const airSd = hasAir ? Math.sqrt(Math.max(0, airSquares / air - airMean ** 2)) : null;
  const noHead = 'No head was found in this image.';
  const told = (value: number | null, reason: string): FeatureValue =>
    value === null ? { value, reason } : { value };
  const tissues = headCount === 0 ? noHead : tissuesOf(scan, brain, contrast, darkest);
  const ofTissue = (compute: (found: Tissues) => number | null): FeatureValue =>
    typeof tissues === 'string'
      ? { value: null, reason: tissues }
      : told(compute(tissues), 'Grey and white matter do not differ, or hold a single value.');
  return {
    iq_snr_wm: ofTissue(({ white }) => snr(white)),
    iq_snr_gm: ofTissue(({ grey }) => snr(grey)),
    iq_cnr:
      airSd === null
        ? { value: null, reason: noAir }
        : ofTissue(({ white, grey }) => cnr(white, grey, airSd)),
    iq_cjv: ofTissue(({ white, grey }) => cjv(white, grey)),
    iq_efc: told(headCount === 0 ? null : efc(seen), noHead),
    iq_fber:
      headCount === 0
        ? { value: null, reason: noHead }
        : told(hasAir ? fber(headSquares / headCount, airSquares / air) : null, noAir),
    iq_wm2max: ofTissue(({ white }) => wmToMax(white, quantile(seen, 0.9995))),
  };
}

const noAir =
  'The background of this image was emptied or lies outside of it: there is no air to measure noise in.';

interface Tissues {
  readonly white: TissueSummary;
  readonly grey: TissueSummary;
}

function tissuesOf(
  { values, shape }: Volume,
  brain: Mask | null,
  contrast: Modality,
  darkest: number,
): Tissues | string {
  const order = orders[contrast];
  if (order === undefined) return `Grey and white matter are not told apart in the contrast ${contrast}.`;
  if (brain === null || countInside(brain.bits) === 0) return 'There is no brain mask, or it is empty.';
  const { bits } = erode(brain, { radiusMm: brainRimMm });
  const inside = Float64Array.from(valuesWhere(values, bits), (value) => value - darkest);
  const cuts = inside.length < leastVoxels ? null : tissueCuts(inside);
  if (cuts === null) return 'The brain is too small, or shows no contrast.';
  const classes = new Int8Array(values.length).fill(-1);
  for (let n = 0; n < bits.length; n++)
    if (bits[n] === 1)
      classes[n] = values[n] - darkest < cuts.low ? 0 : values[n] - darkest < cuts.high ? 1 : 2;
  const white: number[] = [];
  const grey: number[] = [];
  for (let n = 0; n < classes.length; n++) {
    if (classes[n] === order.grey) grey.push(values[n] - darkest);
    // White matter lies in the depth; at its edge voxels hold both tissues.
    else if (classes[n] === order.white && surrounded(classes, n, shape, order.white))
      white.push(values[n] - darkest);
  }
  if (white.length < leastVoxels || grey.length < leastVoxels)
    return 'Too little white or grey matter was found.';
  return { white: summaryOf(Float64Array.from(white)), grey: summaryOf(Float64Array.from(grey)) };
}

function valuesWhere(values: Volume['values'], bits: Uint8Array): number[] {
  const found: number[] = [];
  for (let n = 0; n < bits.length; n++) if (bits[n] === 1) found.push(values[n]);
  return found;
}

function surrounded(classes: Int8Array, n: number, [nx, ny]: Shape, wanted: number): boolean {
  for (const step of [1, nx, nx * ny])
    if (classes[n - step] !== wanted || classes[n + step] !== wanted) return false;
  return true;
}

/**
 * 1 where the image's lowest value fills cubes of 3 x 3 x 3 voxels: there nothing was measured. Single voxels of that value
 * in the noise of air are not meant.
 */
function emptiedVoxels({ values, shape }: Volume, darkest: number): Uint8Array {
  const flat = new Uint8Array(values.length);
  for (let n = 0; n < flat.length; n++)
    flat[n] = values[n] === darkest || !Number.isFinite(values[n]) ? 1 : 0;
  // An opening by the cube: the middles of full cubes, then all that belongs to one. Beyond the image counts as filled.
  const middles = withNeighbours(flat, shape, (a, b, c) => a & b & c, 1);
  return withNeighbours(middles, shape, (a, b, c) => a | b | c, 0);
}

/** Every voxel joined with its neighbours before and behind, one axis after the other. */
function withNeighbours(
  bits: Uint8Array,
  shape: Shape,
  join: (before: number, here: number, behind: number) => number,
  beyond: 0 | 1,
): Uint8Array {
  let now = bits;
  let step = 1;
  for (const length of shape) {
    const next = new Uint8Array(now.length);
    const last = (length - 1) * step;
    for (let start = 0; start < now.length; start += length * step)
      for (let at = 0; at <= last; at += step)
        for (let n = start + at; n < start + at + step; n++)
          next[n] = join(at === 0 ? beyond : now[n - step], now[n], at === last ? beyond : now[n + step]);
    now = next;
    step *= length;
  }
  return now;
}
