import { axisOrder } from '../volume/canonical.ts';
import { components } from '../volume/components.ts';
import { countInside, maskMl, voxelMl, type Mask } from '../volume/volume.ts';

/** Volumes of a living brain with its outer fluid, child to adult, ml. */
export const brainMl = { least: 600, most: 2200 };
/** Brain to head by volume: less is a mask that lost the brain, more one that leaked (a head with its face is below 0.75). */
export const brainToHead = { least: 0.2, most: 0.78 };
/** Least share of the smaller half, left or right of the middle of the mask's own box. */
const leastHalf = 0.4;

/** Sides of the person, by world axis: the lower side first. */
const sides = [['left', 'right'], ['back', 'front'], ['bottom', 'top']] as const; // prettier-ignore
export type Side = (typeof sides)[number][number];
/** A border of the field cuts the brain where it shows at least this share of the brain's mean section. */
const cutSection = 0.1;

export interface BrainPlausibility {
  readonly plausible: boolean;
  /** What speaks against it, as sentences; empty for a plausible mask. */
  readonly reasons: readonly string[];
  readonly ml: number;
  /** Brain over head, null without a head. */
  readonly brainToHead: number | null;
  /** Sides at which the field of view ends inside the brain, so that its volume is not all of it. */
  readonly cutAt: readonly Side[];
}

/**
 * Whether a mask can be a brain: its volume, its share of the head, in one piece, left and right alike. `extracted` says
 * that everything but the brain had been taken from the scan, so that its share of what is left says nothing. Where the field
 * of view ends inside the brain on the left or right, left and right need not be alike.
 */
export function brainPlausibility(
  mask: Mask,
  head: Mask | null,
  { extracted = false }: { extracted?: boolean } = {},
): BrainPlausibility {
  const ml = maskMl(mask);
  const headMl = head === null ? 0 : maskMl(head);
  const share = headMl > 0 ? ml / headMl : null;
  const reasons: string[] = [];
  const cutAt = cutSides(mask);
  if (ml < brainMl.least || ml > brainMl.most) {
    reasons.push(
      `The brain mask holds ${ml.toFixed(0)} ml; a brain has ${brainMl.least} to ${brainMl.most} ml.` +
        (cutAt.length > 0 ? ` The image ends inside it (${cutAt.join(', ')}).` : ''),
    );
  }
  if (!extracted && share !== null && (share < brainToHead.least || share > brainToHead.most)) {
    reasons.push(`The brain mask takes ${(100 * share).toFixed(0)} % of the head; a brain takes 20 to 78 %.`);
  }
  const { sizes } = components(mask);
  const largest = Math.max(0, ...sizes);
  if (countInside(mask.bits) - largest > 0.02 * largest) {
    reasons.push(
      `The brain mask is in several pieces; the largest has ${(largest * voxelMl(mask)).toFixed(0)} of ${ml.toFixed(0)} ml.`,
    );
  }
  const half = smallerHalf(mask);
  if (ml > 0 && half < leastHalf && !cutAt.includes('left') && !cutAt.includes('right')) {
    reasons.push(`The brain mask is lopsided: one side holds only ${(100 * half).toFixed(0)} % of it.`);
  }
  return { plausible: reasons.length === 0, reasons, ml, brainToHead: share, cutAt };
}

/** Share of the voxels on the emptier side of the middle between the mask's leftmost and rightmost voxel. */
function smallerHalf(mask: Mask): number {
  const counts = sections(mask, axisOrder(mask.affine).axes[0]);
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  const middle = (first + last) / 2;
  let below = 0;
  let total = 0;
  for (const [at, count] of counts.entries()) {
    total += count;
    if (at < middle) below += count;
    else if (at === middle) below += count / 2;
  }
  return total === 0 ? 0 : Math.min(below, total - below) / total;
}

function cutSides(mask: Mask): Side[] {
  const { axes, flips } = axisOrder(mask.affine);
  return axes.flatMap((axis, world) => {
    const counts = sections(mask, axis);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return [];
    const least = (cutSection * total) / counts.filter((count) => count > 0).length;
    const [low, high] = flips[world] ? [counts.length - 1, 0] : [0, counts.length - 1];
    return sides[world].filter((_, end) => counts[end === 0 ? low : high] >= least);
  });
}

/** Voxels of the mask in each section across a stored axis. */
function sections({ shape, bits }: Mask, axis: number): Float64Array {
  const counts = new Float64Array(shape[axis]);
  let n = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++) counts[axis === 0 ? i : axis === 1 ? j : k] += bits[n++];
    }
  }
  return counts;
}
