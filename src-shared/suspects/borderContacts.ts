import { applyMatrix, invert, spacingOf } from '../volume/affine.ts';
import type { Registration } from '../registration/registerToTemplate.ts';
import { countInside, type Mask } from '../volume/volume.ts';

export const sides = ['left', 'right', 'back', 'front', 'top'] as const;
export type Side = (typeof sides)[number];

/** How the head meets one border of what was scanned. */
export interface BorderContact {
  readonly side: Side;
  /** Tissue on the outermost slice, cm². */
  readonly areaCm2: number;
  /** The same as a share of the largest cross-section of the head that lies parallel to that border. */
  readonly share: number;
  /** Whether emptiness written by a program lies beyond, so that the border is not the scanner's. */
  readonly padded: boolean;
}

/** Below this distance from the top of the head lie neck and shoulders, which may leave the field anywhere. */
const neckBelowTopMm = 170;
/** In template millimetres the chin; below it tissue may leave the field anywhere. */
const neckBelowTemplateMm = -110;

/**
 * Contact of the head (nearest RAS+) with the left, right, back, front and top border. Outer slices that hold nothing but
 * exact emptiness are no part of what was scanned, so a padded image is judged by its content.
 */
export function borderContacts(head: Mask, voids: Uint8Array, placed: Registration | null): BorderContact[] {
  const box = contentBox(head, voids);
  const counted = aboveNeck(head, placed);
  const [dx, dy, dz] = spacingOf(head.affine);
  const cm2 = [(dy * dz) / 100, (dx * dz) / 100, (dx * dy) / 100];
  return sides.map((side) => {
    const axis = side === 'left' || side === 'right' ? 0 : side === 'top' ? 2 : 1;
    const index = side === 'left' || side === 'back' ? box.low[axis] : box.high[axis];
    const count = countSlice(counted, axis, index);
    let largest = 0;
    for (let at = box.low[axis]; at <= box.high[axis]; at++)
      largest = Math.max(largest, countSlice(counted, axis, at));
    return {
      side,
      areaCm2: count * cm2[axis],
      share: largest === 0 ? 0 : count / largest,
      padded: index !== (side === 'left' || side === 'back' ? 0 : head.shape[axis] - 1),
    };
  });
}

/** The part of the head mask above the chin, with the height of every voxel taken from the template where it is placed. */
function aboveNeck(head: Mask, placed: Registration | null): Mask {
  const { shape: [nx, ny, nz], affine } = head; // prettier-ignore
  const toTemplate = placed === null ? null : invert(placed.templateToScan);
  const bits = head.bits.slice();
  let top = -Infinity;
  if (toTemplate === null) {
    for (let k = nz - 1; k >= 0 && top === -Infinity; k--) {
      const row = bits.subarray(k * nx * ny, (k + 1) * nx * ny);
      if (row.includes(1)) top = applyMatrix(affine, (nx - 1) / 2, (ny - 1) / 2, k)[2];
    }
  }
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (bits[n] === 0) continue;
        const at = applyMatrix(affine, i, j, k);
        const below =
          toTemplate === null
            ? at[2] < top - neckBelowTopMm
            : applyMatrix(toTemplate, ...at)[2] < neckBelowTemplateMm;
        if (below) bits[n] = 0;
      }
    }
  }
  return countInside(bits) === 0 ? head : { ...head, bits };
}

function countSlice({ shape, bits }: Mask, axis: number, index: number): number {
  const strides = [1, shape[0], shape[0] * shape[1]];
  const [a, b] = [0, 1, 2].filter((other) => other !== axis);
  let count = 0;
  for (let q = 0; q < shape[b]; q++) {
    let n = index * strides[axis] + q * strides[b];
    for (let p = 0; p < shape[a]; p++, n += strides[a]) count += bits[n];
  }
  return count;
}

/** First and last slice along each axis that hold more than emptiness. */
function contentBox({ shape, bits }: Mask, voids: Uint8Array): { low: number[]; high: number[] } {
  const low = [...shape];
  const high = [-1, -1, -1];
  const [nx, ny, nz] = shape;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (voids[n] === 1 && bits[n] === 0) continue;
        if (i < low[0]) low[0] = i;
        if (i > high[0]) high[0] = i;
        if (j < low[1]) low[1] = j;
        if (j > high[1]) high[1] = j;
        if (k < low[2]) low[2] = k;
        if (k > high[2]) high[2] = k;
      }
    }
  }
  return high[0] < 0 ? { low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] } : { low, high };
}
