import type { Outcome } from '../domain/outcome.ts';
import { dice } from '../volume/dice.ts';
import { canonicalMask, maskFromCanonical, volumeFromCanonical } from '../volume/canonical.ts';
import { extremes } from '../volume/otsu.ts';
import { rescalingOf, type Rescaling } from '../volume/rescaling.ts';
import { countInside, sameGrid, voxelMl, type Grid, type Mask, type Volume } from '../volume/volume.ts';

export interface IntakeInput {
  /** What the tool was given, on the canonical grid. */
  readonly staged: Volume;
  /** What it left. */
  readonly raw: Volume;
  /** Half a step of the raw file's number type: differences up to it are rounding. 0 for floating point. */
  readonly rawRoundingError: number;
  /** The tool's own mask on the staged grid, with what its ones mean. */
  readonly own?: { readonly mask: Mask; readonly one: 'kept' | 'removed' | 'unknown' } | undefined;
  /** The scan's own grid, to which the mask is carried back. */
  readonly original: Grid;
  /** On the original's grid. */
  readonly brain?: Mask | undefined;
  readonly refaces: boolean;
}

export interface IntakeFacts {
  readonly removedVoxels: number;
  readonly removedMl: number;
  /** Of voxels that were not zero. */
  readonly removedFraction: number;
  readonly rescaling: Rescaling;
  /** Voxels of the raw output outside the removal that differ from the input beyond rounding after the rescaling is undone. */
  readonly keptButAlteredVoxels: number;
  readonly ownMaskUsed: boolean;
  readonly brainRemovedMl: number | null;
  readonly brainRemovedFraction: number | null;
}

export interface Intake {
  readonly outcome: Outcome;
  /** Why, without any text of the scan. */
  readonly reason: string;
  /** On the original's grid; null where there is no defacing. A refacer's mask marks what it replaced. */
  readonly removal: Mask | null;
  /** What a refacer put there, on the original's grid in the staged values' unit; null for other tools. */
  readonly replacement: Volume | null;
  readonly refaced: boolean;
  readonly facts: IntakeFacts | null;
}

/** More than this share and this volume of the brain gone is a cut brain. */
export const brainCutLimits = { fraction: 0.05, ml: 1 } as const;

/**
 * What a tool's output means: a removal mask on the scan's own grid and a named outcome. Removed is what was not zero and
 * kept less than half of its value once the tool's rescaling is undone (the soft edge of an interpolated mask is decided
 * there), or what the tool's own mask says where that agrees with what changed. Pure.
 */
export function takeIn({
  staged,
  raw,
  rawRoundingError,
  own,
  original,
  brain,
  refaces,
}: IntakeInput): Intake {
  const refused = (outcome: Outcome, reason: string): Intake => ({
    outcome,
    reason,
    removal: null,
    replacement: null,
    refaced: refaces,
    facts: null,
  });
  if (!sameGrid(staged, raw, 1e-2)) {
    return refused('wrong-grid', 'The output does not lie on the grid of the input.');
  }
  const values = raw.values;
  let nonZero = 0;
  for (const value of values) {
    if (!Number.isFinite(value))
      return refused('output-unreadable', 'The output holds values that are no numbers.');
    if (value !== 0) nonZero++;
  }
  if (nonZero === 0) return refused('registration-failed', 'The output is empty: every voxel was removed.');

  const rescaling = rescalingOf(staged.values, values);
  const rounding = mostlyEqual(staged.values, values) ? null : rawRoundingError;
  const changed = changedVoxels(staged.values, values, rescaling, rounding, refaces);
  const fromOwn = ownRemoval(own, staged, changed.removed);
  const bits = fromOwn ?? changed.removed;
  let [removedSignal, signal, keptButAlteredVoxels] = [0, 0, 0];
  for (let n = 0; n < bits.length; n++) {
    if (staged.values[n] !== 0) signal++;
    if (bits[n] === 1 && staged.values[n] !== 0) removedSignal++;
    if (bits[n] === 0 && changed.altered[n] === 1) keptButAlteredVoxels++;
  }
  if (removedSignal === 0) return refused('nothing-removed', 'The output shows the same head as the input.');
  const removal = maskFromCanonical({ shape: staged.shape, affine: staged.affine, bits }, original);
  const brainLost = brain === undefined ? null : overlap(removal, brain);
  const facts: IntakeFacts = {
    removedVoxels: countInside(bits),
    removedMl: countInside(bits) * voxelMl(staged),
    removedFraction: removedSignal / signal,
    rescaling,
    keptButAlteredVoxels,
    ownMaskUsed: fromOwn !== null,
    brainRemovedMl: brainLost?.ml ?? null,
    brainRemovedFraction: brainLost?.fraction ?? null,
  };
  const cut =
    brainLost !== null && brainLost.fraction > brainCutLimits.fraction && brainLost.ml > brainCutLimits.ml;
  const gone = refaces ? 'replaced' : 'removed';
  return {
    outcome: cut ? 'brain-cut' : 'done',
    reason: cut ? `More than 5 % and more than 1 ml of the brain was ${gone}.` : '',
    removal,
    replacement: refaces ? volumeFromCanonical(rescaled(raw, rescaling), original) : null,
    refaced: refaces,
    facts,
  };
}

/** The tool's values in the unit of what it was given. */
const rescaled = (raw: Volume, { slope, intercept }: Rescaling): Volume => ({
  ...raw,
  values: Float32Array.from(raw.values, (value) => (value - intercept) / slope),
});

/** Whether most voxels that the tool left something in hold just what they held before. */
function mostlyEqual(staged: Volume['values'], raw: Volume['values']): boolean {
  let [left, equal] = [0, 0];
  for (let n = 0; n < staged.length; n++) {
    if (staged[n] === 0 || raw[n] === 0) continue;
    left++;
    if (staged[n] === raw[n]) equal++;
  }
  return equal > left / 2;
}

function changedVoxels(
  staged: Volume['values'],
  raw: Volume['values'],
  { slope, intercept }: Rescaling,
  /** null where what is kept was kept to the last bit: then even the faintest noise that went is told. */
  rounding: number | null,
  refaces: boolean,
): { removed: Uint8Array; altered: Uint8Array } {
  const removed = new Uint8Array(staged.length);
  const altered = new Uint8Array(staged.length);
  const [lowest, highest] = extremes(staged);
  // Half a step of the file, and what float32 and the fitted line lose.
  const error = ((rounding ?? 0) * 2) / Math.abs(slope) + (highest - lowest) * 1e-5;
  for (let n = 0; n < staged.length; n++) {
    const before = staged[n];
    const after = (raw[n] - intercept) / slope;
    const differs =
      rounding === null ? after !== before : Math.abs(after - before) > error + Math.abs(before) * 1e-4;
    if (differs) altered[n] = 1;
    if (refaces) removed[n] = altered[n];
    else if (before !== 0 && differs && (raw[n] === 0 || Math.abs(after) < Math.abs(before) / 2))
      removed[n] = 1;
  }
  return { removed, altered };
}

/** The tool's mask as a removal, where it lies on the grid and tells the same story as what changed (Dice of at least .8). */
function ownRemoval(own: IntakeInput['own'], staged: Volume, changed: Uint8Array): Uint8Array | null {
  if (own === undefined) return null;
  const mask = canonicalMask(own.mask);
  if (!sameGrid(mask, staged, 1e-2)) return null;
  const inverted = mask.bits.map((bit) => 1 - bit);
  const candidates =
    own.one === 'kept' ? [inverted] : own.one === 'removed' ? [mask.bits] : [mask.bits, inverted];
  const agreeing = (bits: Uint8Array): number =>
    dice(
      bits.map((bit, n) => (staged.values[n] === 0 ? 0 : bit)),
      changed,
    ) ?? 0;
  const best = candidates.map((bits) => ({ bits, agreement: agreeing(bits) }));
  best.sort((a, b) => b.agreement - a.agreement);
  return best[0].agreement >= 0.8 ? best[0].bits : null;
}

function overlap(removal: Mask, brain: Mask): { ml: number; fraction: number } | null {
  if (!sameGrid(removal, brain, 1e-2)) return null;
  let [common, all] = [0, 0];
  for (let n = 0; n < brain.bits.length; n++) {
    all += brain.bits[n];
    common += brain.bits[n] & removal.bits[n];
  }
  return all === 0 ? null : { ml: common * voxelMl(brain), fraction: common / all };
}
