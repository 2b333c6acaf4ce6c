import type { FaceRegion } from './faceRegion.ts';

/**
 * Landmarks of the template face, template mm, read off its rendering; below the lips, where the average shows nothing,
 * from the proportions of adult faces (Farkas 1994). `eyeZ` is the height of the middle of the eyeballs, `lidLineZ` that
 * of the closed lids' meeting.
 */
export const templateFace = {
  browZ: -32,
  nasionZ: -38,
  eyeZ: -46,
  lidLineZ: -51,
  eyeX: 35,
  subnasaleZ: -101,
  stomionZ: -123,
  lowerLipZ: -136,
  mentonZ: -165,
} satisfies Record<string, number>;

const { browZ, nasionZ, eyeZ, eyeX, subnasaleZ, lowerLipZ, mentonZ } = templateFace;
const lidLowZ = eyeZ - 15;
const foreheadTopZ = nasionZ + 80;
const bridgeHalf = 10;
const noseHalf = 22;
/** From here upwards the nose narrows towards its bridge. */
const alarTopZ = subnasaleZ + 19;
const mouthHalf = 37;
/** In front of the hair line, and, below the cheekbone, in front of the ear. */
const templeY = 5;
const earFrontY = -27;
/** The floor of the mouth and the neck under the jaw rise to the back. */
const underJaw = (y: number): number => mentonZ - 5 + Math.max(0, 40 - y) * 0.45;

/**
 * The region a point of the skin belongs to, by planes in template mm (x to the person's right, y forward, z up); null for
 * scalp and neck. Eyes reach from below the lower lid to the brow, from the side of the nose to the outer rim of the orbit.
 */
export function regionAt(x: number, y: number, z: number): FaceRegion | null {
  const aside = Math.abs(x);
  const left = x < 0;
  if (aside >= 79 && y >= -66 && y <= 0 && z >= -90 && z <= 2) return left ? 'left-ear' : 'right-ear';
  if (z > foreheadTopZ || z < underJaw(y)) return null;
  if (y < templeY) {
    if (y < earFrontY || z > nasionZ - 6) return null;
    if (z < lowerLipZ + 5) return 'chin-jaw';
    return left ? 'left-cheek' : 'right-cheek';
  }
  if (z > browZ - (aside < 16 ? (16 - aside) * 0.55 : 0)) return 'forehead';
  if (z > subnasaleZ - 1 && aside < noseEdge(z)) return 'nose';
  if (z > lidLowZ && aside < eyeX + 25) return left ? 'left-eye' : 'right-eye';
  if (z <= subnasaleZ && z > lowerLipZ && aside < mouthHalf) return 'mouth';
  if (z <= lowerLipZ) return 'chin-jaw';
  return left ? 'left-cheek' : 'right-cheek';
}

const noseEdge = (z: number): number =>
  z <= alarTopZ
    ? noseHalf
    : bridgeHalf + (noseHalf - bridgeHalf) * Math.max(0, Math.min(1, (nasionZ - z) / (nasionZ - alarTopZ)));
