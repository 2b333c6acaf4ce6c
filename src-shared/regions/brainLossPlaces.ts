import type { Registration } from '../registration/registerToTemplate.ts';
import { invert, multiply } from '../volume/affine.ts';
import { voxelMl, type Mask } from '../volume/volume.ts';

export const brainPlaces = ['frontal', 'temporal', 'cerebellum', 'other'] as const;
export type BrainPlace = (typeof brainPlaces)[number];
export type BrainLossByPlace = Readonly<Record<BrainPlace, number>>;

/**
 * Brain that a defacing took, ml, by its place: planes in template mm, which lie near those of MNI space. `removed` says
 * for a voxel whether it is gone. Sums to the whole loss.
 */
export function brainLossPlaces(
  brain: Mask,
  registration: Registration,
  removed: (voxel: number) => boolean,
): BrainLossByPlace {
  const m = multiply(invert(registration.templateToScan), brain.affine);
  const [nx, ny] = brain.shape;
  const counts: Record<BrainPlace, number> = { frontal: 0, temporal: 0, cerebellum: 0, other: 0 };
  for (let n = 0; n < brain.bits.length; n++) {
    if (brain.bits[n] === 0 || !removed(n)) continue;
    const i = n % nx;
    const row = (n - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    const x = m[0] * i + m[1] * j + m[2] * k + m[3];
    const y = m[4] * i + m[5] * j + m[6] * k + m[7];
    const z = m[8] * i + m[9] * j + m[10] * k + m[11];
    counts[placeAt(Math.abs(x), y, z)]++;
  }
  const ml = voxelMl(brain);
  return {
    frontal: counts.frontal * ml,
    temporal: counts.temporal * ml,
    cerebellum: counts.cerebellum * ml,
    other: counts.other * ml,
  };
}

/**
 * Cerebellum and stem lie under the tentorium, which rises to the front; the temporal lobe under the Sylvian fissure,
 * aside, behind its pole; the frontal lobe before the central sulcus, which leans back as it rises.
 */
function placeAt(aside: number, y: number, z: number): BrainPlace {
  if (y < -12 && z < -14 - 0.25 * (y + 40))
    return aside < 50 && (y < -38 || aside < 22) ? 'cerebellum' : 'temporal';
  if (aside > 16 && y > -50 && y < 24 && z < -6 + 0.3 * Math.max(0, -y) - 0.35 * Math.max(0, y))
    return 'temporal';
  if (y > -12 - 0.3 * Math.max(0, z - 10)) return 'frontal';
  return 'other';
}
