import { fillHoles, largestComponent } from '../volume/components.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { extremes, otsuLevel } from '../volume/otsu.ts';
import { countInside, type Shape, type Volume } from '../volume/volume.ts';

/** The share of the intensity range above which a voxel counts as head, in the paper's definition. */
export const headThreshold = 0.03;

export interface HeadLevel {
  /** Intensity above which a voxel is head. */
  readonly level: number;
  /** Intensity of the darkest voxel. */
  readonly darkest: number;
  /** Whether `level` parts one closed head from the air; where false it is the best there was. */
  readonly closed: boolean;
  /** Whether the level is the fixed share of the range or was found from the histogram. */
  readonly source: 'fixed' | 'automatic';
}

/** A level that lies in the noise of the air gives a far larger head than the next higher one. */
const largestGrowth = 1.3;
/** A head that fills more of the grid than this is noise: air is missing. */
const largestShareOfGrid = 0.85;
/** Faces over voxels to the power 2/3: about 6 for a cube, 7 to 20 for heads, over 100 for noise that hangs together. */
const roughest = 30;
/** A level raised by a few very bright voxels gives a far smaller head than the automatic one. */
const leastShare = 0.75;

/**
 * The level of the skin: 3 % of the intensity range where that gives a closed head, else one found from the histogram
 * (Otsu 1979 for tissue against air, and once more below that level for dim tissue against air). Decided on block means
 * of about 2 mm, in which noise is small. null where all values are equal.
 */
export function headLevel(volume: Volume): HeadLevel | null {
  const [darkest, brightest] = extremes(volume.values);
  if (!(brightest > darkest)) return null;
  const coarse = blockMeanTo(volume, { spacingMm: 2 });
  const bright = otsuLevel(coarse.values);
  if (bright === null) return null;
  const dim = otsuLevel(coarse.values, { range: [darkest, bright] }) ?? bright;
  const fixed = darkest + headThreshold * (brightest - darkest);
  const dimHead = coarseHead(coarse, dim);
  const fixedHead = coarseHead(coarse, fixed);
  const agree =
    fixedHead.voxels <= largestGrowth * dimHead.voxels && fixedHead.voxels >= leastShare * dimHead.voxels;
  // Where the automatic level itself lies in the noise, agreeing with it proves nothing.
  if (fixedHead.closed && agree) return { level: fixed, darkest, closed: true, source: 'fixed' };
  if (dimHead.closed) return { level: dim, darkest, closed: true, source: 'automatic' };
  for (const level of [(3 * dim + bright) / 4, (dim + bright) / 2, bright]) {
    if (coarseHead(coarse, level).closed) return { level, darkest, closed: true, source: 'automatic' };
  }
  return { level: bright, darkest, closed: false, source: 'automatic' };
}

interface CoarseHead {
  readonly voxels: number;
  /** One compact piece with air around it. */
  readonly closed: boolean;
}

function coarseHead(coarse: Volume, level: number): CoarseHead {
  const above = new Uint8Array(coarse.values.length);
  for (let n = 0; n < above.length; n++) above[n] = coarse.values[n] > level ? 1 : 0;
  const { shape, affine } = coarse;
  const { bits } = fillHoles(largestComponent({ shape, affine, bits: above }));
  const voxels = countInside(bits);
  const roughness = facesOf(bits, shape) / Math.cbrt(voxels * voxels);
  const closed = voxels > 0 && voxels < largestShareOfGrid * bits.length && roughness < roughest;
  return { voxels, closed };
}

/** Faces between a voxel inside and one outside. */
function facesOf(bits: Uint8Array, [nx, ny, nz]: Shape): number {
  let faces = 0;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (i + 1 < nx) faces += bits[n] ^ bits[n + 1];
        if (j + 1 < ny) faces += bits[n] ^ bits[n + nx];
        if (k + 1 < nz) faces += bits[n] ^ bits[n + nx * ny];
      }
    }
  }
  return faces;
}
