import type { FaceRegion } from './faceRegion.ts';

/**
 * Landmarks of the template face, template mm, read off its rendering; below the lips, where the average shows nothing,
 * from the proportions of adult faces (Farkas 1994). `eyeZ` is the height of the middle of the eyes on the lids (the
 * eyeballs behind them lie higher, since the face is tilted), `lidLineZ` that of the closed lids' meeting.
 */
export const templateFace = {
  nasionZ: -38,
  eyeZ: -46,
  lidLineZ: -51,
  eyeX: 35,
  subnasaleZ: -101,
  stomionZ: -123,
  lowerLipZ: -136,
  mentonZ: -165,
} satisfies Record<string, number>;

const { nasionZ, eyeX, subnasaleZ } = templateFace;

/**
 * The level of a face sinks to the front in template space, by this many mm a mm: the line from the ear canals to the lower
 * rims of the orbits, by which anatomists hold a head level, is not parallel to the template's axes.
 */
const tilt = 0.16;
/** Where heights in template mm and heights on the level face are the same. */
const levelY = 80;

// Heights on the level face.
const foreheadTopZ = nasionZ + 88;
const noseBaseZ = subnasaleZ - 4;
const chinTopZ = -139.5;
const cheekboneZ = -40;

const bridgeTopZ = nasionZ + 2;
const bridgeHalf = 10;
const noseHalf = 23;
/** From here upwards the nose narrows towards its bridge. */
const alarTopZ = subnasaleZ + 23;
const mouthHalf = 38;
/** In front of the hair line, and, below the cheekbone, in front of the ear. */
const templeY = 6;
const earFrontY = -25;
/** An ear stands out from the side of the head; its top lies further forward than its lobe by `lean` mm a mm. */
const ear = { fromX: 75, backY: -58, frontY: -16, lowZ: -94, highZ: -8, middleZ: -48, lean: 0.25 } as const;

/** Height on the level face of a place in template mm. */
export const levelOf = (y: number, z: number): number => z - tilt * (levelY - y);

/** Heights on the level face, and the distance from the middle, at which the region of an eye ends. */
export interface EyeBorders {
  readonly topZ: number;
  readonly lowZ: number;
  readonly outerX: number;
}
/** Of the person's left and right eye, where nothing better is known. */
const usualEye: EyeBorders = { topZ: -30, lowZ: -62.5, outerX: eyeX + 27 };

/** What differs from face to face. */
export interface FaceBorders {
  readonly eyes: readonly [left: EyeBorders, right: EyeBorders];
  /** Height on the level face below which jaw is neck. */
  readonly underJawZ: number;
}
export const usualBorders: FaceBorders = { eyes: [usualEye, usualEye], underJawZ: -190 };

/**
 * The region a point of the skin belongs to, by planes in template mm (x to the person's right, y forward, z up); null for
 * scalp and neck. Eyes reach from below the lower lid to the brow, from the side of the nose to the outer rim of the orbit.
 * The planes were laid where simulated heads of known anatomy have their borders.
 */
export function regionAt(
  x: number,
  y: number,
  z: number,
  { eyes, underJawZ }: FaceBorders,
): FaceRegion | null {
  const aside = Math.abs(x);
  const left = x < 0;
  const alongEar = y - ear.lean * (z - ear.middleZ);
  const atEar = alongEar >= ear.backY && alongEar <= ear.frontY && z >= ear.lowZ && z <= ear.highZ;
  if (aside >= ear.fromX && atEar) return left ? 'left-ear' : 'right-ear';
  const up = levelOf(y, z);
  if (up > foreheadTopZ || up < underJawZ) return null;
  if (y < templeY) {
    if (y < earFrontY || up > cheekboneZ) return null;
    if (up < chinTopZ) return 'chin-jaw';
    return left ? 'left-cheek' : 'right-cheek';
  }
  const eye = eyes[left ? 0 : 1];
  if (up > eye.topZ - (aside < 16 ? (16 - aside) * 0.45 : 0)) return 'forehead';
  if (up > noseBaseZ && aside < noseEdge(up)) return 'nose';
  if (up > eye.lowZ && aside < eye.outerX) return left ? 'left-eye' : 'right-eye';
  if (up <= chinTopZ) return 'chin-jaw';
  if (up <= noseBaseZ + 1 && aside < mouthHalf) return 'mouth';
  return left ? 'left-cheek' : 'right-cheek';
}

const noseEdge = (up: number): number =>
  up <= alarTopZ
    ? noseHalf
    : bridgeHalf +
      (noseHalf - bridgeHalf) * Math.max(0, Math.min(1, (bridgeTopZ - up) / (bridgeTopZ - alarTopZ)));
