import { AppError } from '../api/appError.ts';
import type { Mask, Volume } from '../volume/volume.ts';

/** Linear change of intensities: (value - centre) / scale. */
export interface IntensityScale {
  readonly centre: number;
  readonly scale: number;
  /** Voxels the two numbers rest on. */
  readonly voxels: number;
}

/** Values inside the mask, as float64. Throws `brain-mask-empty` where there are fewer than 100. */
export function valuesInside({ values }: Volume, mask: Mask): Float64Array {
  const inside = new Float64Array(mask.bits.reduce((sum, bit) => sum + bit, 0));
  if (inside.length < 100)
    throw new AppError('brain-mask-empty', 'The brain mask of this scan is empty, so its intensities can not be normalised.'); // prettier-ignore
  for (let n = 0, at = 0; n < values.length; n++) if (mask.bits[n] !== 0) inside[at++] = values[n];
  return inside;
}

export function scaleOf(values: Float64Array): IntensityScale {
  let sum = 0;
  for (const value of values) sum += value;
  const centre = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  const scale = Math.sqrt(squares / values.length);
  if (!(scale > 0))
    throw new AppError('intensity-constant', 'All voxels of this brain have one value, so there is nothing to normalise.'); // prettier-ignore
  return { centre, scale, voxels: values.length };
}

/** The volume with the change applied to every voxel outside `untouched`, which becomes 0; float32. */
export function rescaled(volume: Volume, { centre, scale }: IntensityScale, untouched: Mask | null): Volume {
  const values = new Float32Array(volume.values.length);
  for (let n = 0; n < values.length; n++)
    values[n] = untouched !== null && untouched.bits[n] !== 0 ? 0 : (volume.values[n] - centre) / scale;
  return { shape: volume.shape, affine: volume.affine, values };
}
