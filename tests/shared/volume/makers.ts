import { affineOf, type Affine, type Matrix } from '../../../src-shared/volume/affine.ts';
import type { Mask, Shape, Volume } from '../../../src-shared/volume/volume.ts';

export const straight = (x: number, y = x, z = x): Affine => affineOf([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0]);
export const affine = (...m: number[]): Affine => affineOf(m as unknown as Matrix);

/** Numbers 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

export function maskOf(
  shape: Shape,
  inside: (x: number, y: number, z: number) => boolean,
  on = straight(1),
): Mask {
  const bits = new Uint8Array(shape[0] * shape[1] * shape[2]);
  let n = 0;
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) for (let x = 0; x < shape[0]; x++) bits[n++] = inside(x, y, z) ? 1 : 0;
  }
  return { shape, affine: on, bits };
}

export function volumeOf(
  shape: Shape,
  value: (x: number, y: number, z: number) => number,
  on = straight(1),
): Volume {
  const values = new Float32Array(shape[0] * shape[1] * shape[2]);
  let n = 0;
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) for (let x = 0; x < shape[0]; x++) values[n++] = value(x, y, z);
  }
  return { shape, affine: on, values };
}

export const at = ({ shape }: { shape: Shape }, x: number, y: number, z: number): number =>
  x + shape[0] * (y + shape[1] * z);
