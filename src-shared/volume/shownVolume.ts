import type { NiftiImage } from './nifti.ts';
import type { Volume } from './volume.ts';

/**
 * The one volume that stands for an image where tools, pictures and measurements need one: its own, or of several (4D)
 * the mean over all of them, added up in double precision. Memory: one volume more.
 */
export function shownVolume(image: NiftiImage): Volume {
  const { volumeCount } = image.header;
  if (volumeCount === 1) return image.volume();
  const first = image.volume(0);
  const sum = Float64Array.from(first.values);
  for (let at = 1; at < volumeCount; at++) {
    const { values } = image.volume(at);
    for (let n = 0; n < sum.length; n++) sum[n] += values[n];
  }
  return { ...first, values: Float32Array.from(sum, (value) => value / volumeCount) };
}
