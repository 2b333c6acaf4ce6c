import { affineOf, spacingOf } from './affine.ts';
import { boxAround, squaredDistance } from './distance.ts';
import type { Mask, Shape } from './volume.ts';

interface Radius {
  readonly radiusMm: number;
}

/** A hair more than the radius, so that a voxel centre exactly on it counts on every machine. */
const within = (radiusMm: number): number => radiusMm * radiusMm * (1 + 1e-5);
const reachOf = (radiusMm: number): number => radiusMm * 1.001 + 1e-6;

/** Voxels whose centre is at most `radiusMm` from a voxel centre inside the mask: a ball in mm on any spacing. */
export function dilate(mask: Mask, { radiusMm }: Radius): Mask {
  const squared = squaredDistance(mask, reachOf(radiusMm));
  const limit = within(radiusMm);
  const bits = new Uint8Array(squared.length);
  for (let n = 0; n < bits.length; n++) bits[n] = squared[n] <= limit ? 1 : 0;
  return { ...mask, bits };
}

/**
 * Voxels whose centre is more than `radiusMm` from every voxel centre outside the mask. Beyond the grid nothing counts as
 * outside: a head cut by the field of view is not eaten from the cut.
 */
export function erode(mask: Mask, { radiusMm }: Radius): Mask {
  const bits = new Uint8Array(mask.bits.length);
  // One voxel around the mask is enough: whatever lies further out, that layer is nearer.
  const box = boxAround(mask.bits, mask.shape, [1, 1, 1]);
  if (box === null) return { ...mask, bits };
  const outside = { ...mask, bits: mask.bits.map((bit) => 1 - bit) };
  const squared = squaredDistance(outside, reachOf(radiusMm), box);
  const limit = within(radiusMm);
  for (let n = 0; n < bits.length; n++) bits[n] = mask.bits[n] === 1 && squared[n] > limit ? 1 : 0;
  return { ...mask, bits };
}

/** Erosion, then dilation: removes what is thinner than twice the radius. */
export function open(mask: Mask, { radiusMm }: Radius): Mask {
  return dilate(erode(mask, { radiusMm }), { radiusMm });
}

/** Dilation, then erosion: fills gaps narrower than twice the radius. Done on a padded grid, so the border adds nothing. */
export function close(mask: Mask, { radiusMm }: Radius): Mask {
  const margin = spacingOf(mask.affine).map((mm) => Math.ceil(radiusMm / mm) + 1) as [number, number, number];
  const closed = erode(dilate(pad(mask, margin), { radiusMm }), { radiusMm });
  return crop(closed, mask, margin);
}

/** The mask with `margin` empty voxels added on both ends of each axis. */
function pad(
  { shape: [nx, ny, nz], affine: m, bits }: Mask,
  [mx, my, mz]: readonly [number, number, number],
): Mask {
  const shape: Shape = [nx + 2 * mx, ny + 2 * my, nz + 2 * mz];
  const larger = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = nx * (y + ny * z);
      larger.set(bits.subarray(from, from + nx), mx + shape[0] * (y + my + shape[1] * (z + mz)));
    }
  }
  const origin = (row: number): number => m[row + 3] - m[row] * mx - m[row + 1] * my - m[row + 2] * mz;
  const affine = affineOf([
    m[0], m[1], m[2], origin(0), m[4], m[5], m[6], origin(4), m[8], m[9], m[10], origin(8),
  ]); // prettier-ignore
  return { shape, affine, bits: larger };
}

function crop(padded: Mask, like: Mask, [mx, my, mz]: readonly [number, number, number]): Mask {
  const [nx, ny, nz] = like.shape;
  const [px, py] = padded.shape;
  const bits = new Uint8Array(like.bits.length);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = mx + px * (y + my + py * (z + mz));
      bits.set(padded.bits.subarray(from, from + nx), nx * (y + ny * z));
    }
  }
  return { ...like, bits };
}
