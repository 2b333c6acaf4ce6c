import type { Shape } from '../volume/volume.ts';

export interface GlcmFeatures {
  readonly contrast: number;
  readonly dissimilarity: number;
  readonly homogeneity: number;
  readonly correlation: number;
  readonly jointEntropy: number;
  readonly angularSecondMoment: number;
}

/** The 13 directions to half of the 26 neighbours; the other half is the same pairs turned round. */
const directions: readonly (readonly [number, number, number])[] = Array.from({ length: 27 }, (_, n) => n)
  .filter((n) => n > 13)
  .map((n) => [(n % 3) - 1, (Math.floor(n / 3) % 3) - 1, Math.floor(n / 9) - 1] as const);

/**
 * Grey-level co-occurrence over all 13 directions at distance 1, symmetric, counted in one matrix (IBSI section 3.6,
 * "3D, full merging", IAZD): contrast ACUI, dissimilarity 8S9J, inverse difference moment WF0Z, correlation NI2N, joint entropy
 * TU9B (bits), angular second moment 8ZQL. `grey` holds 1..levels, and 0 outside the region. Equal levels everywhere have
 * correlation 1, as IBSI says. null where no two voxels of the region touch.
 */
export function glcm(grey: Uint8Array, [nx, ny, nz]: Shape, levels: number): GlcmFeatures | null {
  const counts = new Float64Array((levels + 1) * (levels + 1));
  let total = 0;
  for (const [dx, dy, dz] of directions)
    for (let k = Math.max(0, -dz); k < Math.min(nz, nz - dz); k++)
      for (let j = Math.max(0, -dy); j < Math.min(ny, ny - dy); j++)
        for (let i = Math.max(0, -dx); i < Math.min(nx, nx - dx); i++) {
          const n = i + nx * (j + ny * k);
          const a = grey[n];
          if (a === 0) continue;
          const b = grey[n + dx + nx * (dy + ny * dz)];
          if (b === 0) continue;
          counts[a * (levels + 1) + b]++;
          counts[b * (levels + 1) + a]++;
          total += 2;
        }
  if (total === 0) return null;
  let [contrast, dissimilarity, homogeneity, jointEntropy, angularSecondMoment] = [0, 0, 0, 0, 0];
  let [mean, square, product] = [0, 0, 0];
  for (let a = 1; a <= levels; a++)
    for (let b = 1; b <= levels; b++) {
      const p = counts[a * (levels + 1) + b] / total;
      if (p === 0) continue;
      const d = a - b;
      contrast += p * d * d;
      dissimilarity += p * Math.abs(d);
      homogeneity += p / (1 + d * d);
      jointEntropy -= p * Math.log2(p);
      angularSecondMoment += p * p;
      mean += p * a;
      square += p * a * a;
      product += p * a * b;
    }
  const variance = square - mean * mean;
  const correlation = variance <= 1e-12 ? 1 : (product - mean * mean) / variance;
  return { contrast, dissimilarity, homogeneity, correlation, jointEntropy, angularSecondMoment };
}
