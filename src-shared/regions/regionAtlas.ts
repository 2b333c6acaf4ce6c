import type { FaceRegion } from './faceRegion.ts';

/**
 * Heights of the landmarks of the template face, template mm, read off its rendering; below the lips, where the average
 * shows nothing, from the proportions of adult faces (Farkas 1994).
 */
export const templateFace = {
  nasionZ: -38,
  eyeZ: -50,
  eyeX: 34,
  subnasaleZ: -102,
  stomionZ: -126,
  lowerLipZ: -140,
  mentonZ: -186,
} as const;

const { nasionZ, eyeZ, eyeX, subnasaleZ, lowerLipZ, mentonZ } = templateFace;
const browZ = eyeZ + 17;
const lidLowZ = eyeZ - 14.5;
const foreheadTopZ = nasionZ + 74;
const bridgeHalf = 10;
const noseHalf = 22;
/** From here upwards the nose narrows towards its bridge. */
const alarTopZ = subnasaleZ + 19;
const mouthHalf = 35;

/**
 * The region a point of the skin belongs to, by planes in template mm (x to the person's right, y forward, z up); null for
 * scalp and neck. Eyes reach from below the lower lid to the brow, from the side of the nose to the outer rim of the orbit.
 */
export function regionAt(x: number, y: number, z: number): FaceRegion | null {
  const aside = Math.abs(x);
  const left = x < 0;
  if (aside >= 79 && y >= -66 && y <= 0 && z >= -90 && z <= 2) return left ? 'left-ear' : 'right-ear';
  if (y < backOfFace(z) || z < mentonZ - 5) return null;
  if (z > foreheadTopZ) return null;
  if (z > browZ - (aside < 16 ? (16 - aside) * 0.55 : 0)) return aside <= 70 ? 'forehead' : null;
  if (z > subnasaleZ - 1 && aside < noseEdge(z)) return 'nose';
  if (z > lidLowZ && aside < eyeX + 24) return left ? 'left-eye' : 'right-eye';
  if (z <= subnasaleZ && z > lowerLipZ && aside < mouthHalf) return 'mouth';
  if (z <= lowerLipZ) return 'chin-jaw';
  if (z > nasionZ - 6) return null;
  return left ? 'left-cheek' : 'right-cheek';
}

const noseEdge = (z: number): number =>
  z <= alarTopZ
    ? noseHalf
    : bridgeHalf + (noseHalf - bridgeHalf) * Math.max(0, Math.min(1, (nasionZ - z) / (nasionZ - alarTopZ)));

/** Skin further back is no face: at the temples in front of the hair line, lower down in front of the ear. */
function backOfFace(z: number): number {
  if (z > nasionZ - 6) return 26;
  return z > lowerLipZ ? 12 : 4;
}
