import { applyMatrix } from '../../src-shared/volume/affine.ts';
import type { Grid, LabelVolume, Volume } from '../../src-shared/volume/volume.ts';
import { regionLabels, type Region } from '../../src-shared/registration/template.ts';

/** Tissue of the average is brighter than this; the brain's mean is one half. */
const tissue = 0.08;

/**
 * Regions by planes in template millimetres, read off the average head: each goes from some way behind the skin through
 * skin and air to the front of the grid, so that what is carried onto a scan takes everything of that part of the face.
 */
export function faceRegions(grid: Grid, head: Volume, brain: Volume): LabelVolume {
  const { shape: [nx, ny, nz], affine } = grid; // prettier-ignore
  const labels = new Uint8Array(nx * ny * nz);
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const [x, y, z] = applyMatrix(affine, i, j, k);
        const region = regionAt(x, y, z);
        const deep = region === 'forehead' && brain.values[n] > 0.02;
        if (region !== null && !deep) labels[n] = regionLabels[region];
        else if (head.values[n] > tissue) labels[n] = regionLabels.other;
      }
    }
  }
  return { ...grid, labels };
}

const browZ = -12;
const underEyesZ = -56;
const upperLipZ = -92;
const underLipZ = -120;

function regionAt(x: number, y: number, z: number): Region | null {
  const aside = Math.abs(x);
  const left = x < 0;
  if (aside >= 77 && y >= -66 && y <= -6 && z >= -84 && z <= 2) return left ? 'leftEar' : 'rightEar';
  if (y > backOfFace(z) && z <= topOfFace(y) && aside <= sideOfFace(z)) {
    if (z > underEyesZ) return aside <= 8 ? 'nose' : left ? 'leftEye' : 'rightEye';
    if (z > upperLipZ) return aside <= 22 ? 'nose' : left ? 'leftCheek' : 'rightCheek';
    if (z > underLipZ) return aside <= 34 ? 'mouth' : left ? 'leftCheek' : 'rightCheek';
    return 'chinJaw';
  }
  if (z > browZ && z < 48 && y > 38 && aside <= 62) return 'forehead';
  if (z < -96 && y <= backOfFace(z)) return 'neck';
  return null;
}

/** Behind the lids and into the eyeballs at their height, further back at the cheeks, behind the corner of the mouth below. */
function backOfFace(z: number): number {
  if (z > underEyesZ) return 50;
  if (z > -100) return 50 - ((underEyesZ - z) / 44) * 32;
  return 18 - Math.min(1, (-100 - z) / 40) * 14;
}

/** The brow in front; lower further back, where the brain lies over the orbits. */
const topOfFace = (y: number): number => browZ - Math.max(0, 72 - y) * 0.7;

/** The outer rim of the orbits, and everything below them. */
const sideOfFace = (z: number): number => (z > underEyesZ ? 66 : 100);
