import {
  identityMatrix,
  invert,
  multiply,
  worldTransformOf,
  type Matrix,
  type WorldTransform,
} from './affine.ts';
import { voxelCount, type Grid, type LabelVolume, type Mask, type Shape, type Volume } from './volume.ts';

export interface Placement {
  /** The grid of the result. */
  readonly onto: Grid;
  /** Millimetres of the result's world to millimetres of the source's world; the identity by default. */
  readonly targetToSource?: WorldTransform;
}

/**
 * The volume read at the voxel centres of another grid, trilinear, float32. Up to half a voxel beyond the outermost
 * voxel centres that voxel counts; further out the result is `outside` (0).
 */
export function resample(
  volume: Volume,
  { onto, targetToSource, outside = 0 }: Placement & { outside?: number },
): Volume {
  const values = sampleLinear(
    volume.values,
    volume.shape,
    onto.shape,
    voxelMap(volume, onto, targetToSource),
    outside,
  );
  return { shape: onto.shape, affine: onto.affine, values };
}

/** The nearest voxel's value: for images whose values must not be mixed. */
export function resampleNearest(volume: Volume, { onto, targetToSource }: Placement): Volume {
  const values = new (volume.values instanceof Float64Array ? Float64Array : Float32Array)(
    voxelCount(onto.shape),
  );
  sampleNearest(volume.values, values, volume.shape, onto.shape, voxelMap(volume, onto, targetToSource));
  return { shape: onto.shape, affine: onto.affine, values };
}

/** A mask on another grid: 1 where trilinear interpolation of it gives at least one half. */
export function resampleMask(mask: Mask, { onto, targetToSource }: Placement): Mask {
  const shares = sampleLinear(mask.bits, mask.shape, onto.shape, voxelMap(mask, onto, targetToSource), 0);
  const bits = new Uint8Array(shares.length);
  for (let n = 0; n < bits.length; n++) bits[n] = shares[n] >= 0.5 ? 1 : 0;
  return { shape: onto.shape, affine: onto.affine, bits };
}

export function resampleLabels(volume: LabelVolume, { onto, targetToSource }: Placement): LabelVolume {
  const labels = new Uint8Array(voxelCount(onto.shape));
  sampleNearest(volume.labels, labels, volume.shape, onto.shape, voxelMap(volume, onto, targetToSource));
  return { shape: onto.shape, affine: onto.affine, labels };
}

/** Voxel indices of `target` to voxel indices of `source`. */
export function voxelMap(
  source: Grid,
  target: Grid,
  targetToSource = worldTransformOf(identityMatrix),
): Matrix {
  return multiply(invert(source.affine), multiply(targetToSource, target.affine));
}

type Values = Float32Array | Float64Array | Uint8Array;

/** Edge positions are computed with a little slack, so that a grid resampled onto itself keeps its last voxels. */
const slack = 1e-6;

function sampleLinear(
  source: Values,
  [sx, sy, sz]: Shape,
  [nx, ny, nz]: Shape,
  m: Matrix,
  outside: number,
): Float32Array {
  const out = new Float32Array(nx * ny * nz);
  const slice = sx * sy;
  const [lastX, lastY, lastZ] = [sx - 1, sy - 1, sz - 1];
  let n = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const x0 = m[1] * j + m[2] * k + m[3];
      const y0 = m[5] * j + m[6] * k + m[7];
      const z0 = m[9] * j + m[10] * k + m[11];
      for (let i = 0; i < nx; i++, n++) {
        let x = x0 + m[0] * i;
        let y = y0 + m[4] * i;
        let z = z0 + m[8] * i;
        if (
          !(x >= -0.5 - slack && x <= lastX + 0.5 + slack) ||
          !(y >= -0.5 - slack && y <= lastY + 0.5 + slack) ||
          !(z >= -0.5 - slack && z <= lastZ + 0.5 + slack)
        ) {
          out[n] = outside;
          continue;
        }
        x = x < 0 ? 0 : x > lastX ? lastX : x;
        y = y < 0 ? 0 : y > lastY ? lastY : y;
        z = z < 0 ? 0 : z > lastZ ? lastZ : z;
        const ix = x | 0;
        const iy = y | 0;
        const iz = z | 0;
        const fx = x - ix;
        const fy = y - iy;
        const fz = z - iz;
        const at = ix + iy * sx + iz * slice;
        const dx = ix < lastX ? 1 : 0;
        const dy = iy < lastY ? sx : 0;
        const dz = iz < lastZ ? slice : 0;
        const a = source[at] + fx * (source[at + dx] - source[at]);
        const b = source[at + dy] + fx * (source[at + dy + dx] - source[at + dy]);
        const c = source[at + dz] + fx * (source[at + dz + dx] - source[at + dz]);
        const d = source[at + dz + dy] + fx * (source[at + dz + dy + dx] - source[at + dz + dy]);
        const front = a + fy * (b - a);
        out[n] = front + fz * (c + fy * (d - c) - front);
      }
    }
  }
  return out;
}

function sampleNearest<T extends Values>(
  source: T,
  out: T,
  [sx, sy, sz]: Shape,
  [nx, ny, nz]: Shape,
  m: Matrix,
): void {
  let n = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const x0 = m[1] * j + m[2] * k + m[3] + 0.5;
      const y0 = m[5] * j + m[6] * k + m[7] + 0.5;
      const z0 = m[9] * j + m[10] * k + m[11] + 0.5;
      for (let i = 0; i < nx; i++, n++) {
        const x = Math.floor(x0 + m[0] * i);
        const y = Math.floor(y0 + m[4] * i);
        const z = Math.floor(z0 + m[8] * i);
        if (x >= 0 && x < sx && y >= 0 && y < sy && z >= 0 && z < sz) out[n] = source[x + sx * (y + sy * z)];
      }
    }
  }
}
