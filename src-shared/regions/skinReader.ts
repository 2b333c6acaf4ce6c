import { invert } from '../volume/affine.ts';
import type { Volume } from '../volume/volume.ts';
import type { SkinLevel } from './skinMesh.ts';
import type { SkinPoints } from './skinPoints.ts';

/** The voxels of tissue below a point of the surface, as indices into the original: the skin's, or those at other depths in mm. */
export type SkinReader = (point: number, depthsMm?: readonly number[]) => readonly number[];

/** Where skin is looked for below its surface, mm; deeper in thick slices, until tissue of the original is met. */
const depths = { skin: [0.6, 1.2, 1.8], under: [1.4, 2.2, 3] } as const;
const deeperMm = [2.6, 3.6, 5];

/** Reads the skin of an original: the voxels along the normal that hold tissue, within 2 mm of the surface. */
export function skinReader(
  { positions, normals }: SkinPoints,
  original: Volume,
  { level }: SkinLevel,
  where: keyof typeof depths = 'skin',
): SkinReader {
  const { shape: [nx, ny, nz], values } = original; // prettier-ignore
  const m = invert(original.affine);
  const voxelAt = (p: number, mm: number): number => {
    const x = positions[p] - mm * normals[p];
    const y = positions[p + 1] - mm * normals[p + 1];
    const z = positions[p + 2] - mm * normals[p + 2];
    const i = Math.round(m[0] * x + m[1] * y + m[2] * z + m[3]);
    const j = Math.round(m[4] * x + m[5] * y + m[6] * z + m[7]);
    const k = Math.round(m[8] * x + m[9] * y + m[10] * z + m[11]);
    return i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? -1 : i + nx * (j + ny * k);
  };
  return (point, depthsMm = depths[where]) => {
    const found: number[] = [];
    const take = (mm: number): void => {
      const voxel = voxelAt(3 * point, mm);
      if (voxel >= 0 && values[voxel] > level) found.push(voxel);
    };
    depthsMm.forEach(take);
    for (const mm of deeperMm) if (found.length === 0) take(mm);
    return found;
  };
}
