import { extremes } from '../volume/otsu.ts';
import type { Mask, Volume } from '../volume/volume.ts';
import { headThreshold } from '../views/headLevel.ts';

/** Ways to read the definitions of the paper; the first is this program's. */
export const readings = [
  'zeroed/reference_range',
  'zeroed/own_range',
  'difference_above/reference_range',
  'difference_above/own_range',
  'raw/everywhere',
  'raw/inside_head',
] as const;
export type Reading = (typeof readings)[number];

/** Voxel counts that the volumetric features are made of. */
export interface VolumetricCounts {
  readonly head: number;
  readonly brain: number;
  readonly altered: number;
  readonly removed: number;
  readonly brainAltered: number;
  readonly brainRemoved: number;
}

/**
 * Counts over the whole grid; `original`, `defaced` and `brain` have as many voxels in the same order. Intensities are
 * taken as shares of the original's range (or each of its own); head is above 0.03 of it. Without a brain mask the
 * brain counts are 0.
 */
export function volumetricCounts(
  { original, defaced, brain }: { original: Volume; defaced: Volume; brain: Mask | null },
  reading: Reading = 'zeroed/reference_range',
): VolumetricCounts {
  const [low, high] = extremes(original.values);
  const [ownLow, ownHigh] = reading.endsWith('own_range') ? extremes(defaced.values) : [low, high];
  const range = high - low;
  const ownRange = ownHigh - ownLow;
  const kind = reading.split('/')[0];
  const insideOnly = reading === 'raw/inside_head';
  let [head, brainCount, altered, removed, brainAltered, brainRemoved] = [0, 0, 0, 0, 0, 0];
  for (let n = 0; n < original.values.length; n++) {
    const a = original.values[n];
    const b = defaced.values[n];
    const na = range > 0 ? (a - low) / range : 0;
    const nb = ownRange > 0 ? (b - ownLow) / ownRange : 0;
    const inHead = na > headThreshold;
    let isAltered: boolean;
    let isRemoved: boolean;
    if (kind === 'zeroed') {
      const kept = nb > headThreshold;
      isAltered = inHead || kept ? (inHead ? na : 0) !== (kept ? nb : 0) : false;
      isRemoved = inHead && !kept;
    } else if (kind === 'difference_above') {
      isAltered = Math.abs(na - nb) > headThreshold;
      isRemoved = inHead && nb <= headThreshold;
    } else {
      isAltered = a !== b && (inHead || !insideOnly);
      isRemoved = a !== 0 && b === 0 && (inHead || !insideOnly);
    }
    const inBrain = brain !== null && brain.bits[n] !== 0;
    if (inHead) head++;
    if (isAltered) altered++;
    if (isRemoved) removed++;
    if (inBrain) {
      brainCount++;
      if (isAltered) brainAltered++;
      if (isRemoved) brainRemoved++;
    }
  }
  return { head, brain: brainCount, altered, removed, brainAltered, brainRemoved };
}

/** Says of a voxel whether it was head and is not any more, as `removed` counts it in this program's reading. */
export function removedFrom(original: Volume, defaced: Volume): (voxel: number) => boolean {
  const [low, high] = extremes(original.values);
  const least = low + headThreshold * (high - low);
  return (voxel) => original.values[voxel] > least && defaced.values[voxel] <= least;
}

/** A share, null where the whole is 0. */
export const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const percentOf = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

/** The counts under the keys of the reference values. */
export function readingOf(counts: VolumetricCounts): Record<string, number | null> {
  return {
    head_voxels: counts.head,
    brain_voxels: counts.brain,
    impacted_voxels: counts.altered,
    impacted_pct_of_head: percentOf(counts.altered, counts.head),
    removed_voxels: counts.removed,
    removed_pct_of_head: percentOf(counts.removed, counts.head),
    brain_altered_voxels: counts.brainAltered,
    brain_altered_pct: percentOf(counts.brainAltered, counts.brain),
    brain_removed_voxels: counts.brainRemoved,
    brain_removed_pct: percentOf(counts.brainRemoved, counts.brain),
    brain_to_head_ratio: shareOf(counts.brain, counts.head),
  };
}
