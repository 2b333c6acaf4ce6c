import { extremes } from '../volume/otsu.ts';
import { headThreshold } from '../views/headLevel.ts';
import type { Mask, Volume } from '../volume/volume.ts';

export interface SameHead {
  /** Head voxels of the original that the defacing kept, as a share. */
  readonly keptShare: number;
  /** Of the kept voxels, the share with exactly the original's value. */
  readonly identicalShare: number;
  /** Pearson correlation over the kept head voxels; null where nothing was kept or a side has no spread. */
  readonly correlation: number | null;
  readonly verdict: 'same' | 'unsure' | 'other';
}

/** Tools that rescale intensities stay above the first; another person's head in the same place stays below the second. */
const surely = 0.98;
const hardly = 0.9;

/**
 * Whether a defaced image is of the head it is said to be of, from the voxels it kept: they must equal the original's or
 * rise and fall with them. Both on one grid. `altered` is filled with 1 where a head voxel differs.
 */
export function sameHead(original: Volume, defaced: Volume): SameHead & { readonly altered: Mask } {
  const [low, high] = extremes(original.values);
  const [ownLow, ownHigh] = extremes(defaced.values);
  const level = low + headThreshold * (high - low);
  const ownLevel = ownLow + headThreshold * (ownHigh - ownLow);
  const bits = new Uint8Array(original.values.length);
  let [head, kept, identical, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let n = 0; n < bits.length; n++) {
    const a = original.values[n];
    const b = defaced.values[n];
    if (a !== b) bits[n] = 1;
    if (!(a > level)) continue;
    head++;
    if (!(b > ownLevel)) continue;
    kept++;
    if (a === b) identical++;
    sa += a;
    sb += b;
    saa += a * a;
    sbb += b * b;
    sab += a * b;
  }
  const spread = (kept * saa - sa * sa) * (kept * sbb - sb * sb);
  const correlation = kept === 0 || !(spread > 0) ? null : (kept * sab - sa * sb) / Math.sqrt(spread);
  const identicalShare = kept === 0 ? 0 : identical / kept;
  const verdict =
    identicalShare > 0.5 || (correlation !== null && correlation >= surely)
      ? 'same'
      : correlation !== null && correlation >= hardly
        ? 'unsure'
        : 'other';
  return {
    keptShare: head === 0 ? 0 : kept / head,
    identicalShare,
    correlation,
    verdict,
    altered: { shape: original.shape, affine: original.affine, bits },
  };
}
