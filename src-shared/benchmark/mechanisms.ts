import { shear } from '../defacers/shear.ts';
import { phantomLabels } from '../phantom/labels.ts';
import type { PhantomHead } from '../phantom/phantomHead.ts';
import type { PhantomPerson } from '../phantom/person.ts';
import type { SeededRandom } from '../stats/random.ts';
import { applyMatrix, invert } from '../volume/affine.ts';
import type { Mask } from '../volume/volume.ts';

/**
 * How far inside the zone to be removed a point of person space lies, in mm; below 0 outside. Exact near the border,
 * rough far from it.
 */
export type Zone = (x: number, y: number, z: number) => number;

/** A way to take a face off. Emulations of kinds of tools, not of any one tool: their names are their own. */
export interface Mechanism {
  readonly id: MechanismId;
  readonly title: string;
  /** The zone as this mechanism would lay it on this head; `random` decides how well it sits. */
  readonly zone: (head: MechanismHead, random: SeededRandom) => Zone;
}

export const mechanismIds = ['shearing-plane', 'template-mask', 'face-and-ears', 'eye-sparing'] as const;
export type MechanismId = (typeof mechanismIds)[number];

/** What a mechanism knows of a head. */
export interface MechanismHead {
  readonly person: PhantomPerson;
  readonly position: PhantomHead['position'];
  /** Brain with its fluid, from the labels. */
  readonly brain: Mask;
}

const cap = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
/** A normal deviate kept within 2.5 spreads. */
const jitter = (random: SeededRandom, spread: number): number => spread * cap(random.normal(), 2.5);

export const mechanisms: Readonly<Record<MechanismId, Mechanism>> = {
  'shearing-plane': {
    id: 'shearing-plane',
    title: 'Shearing plane',
    zone: ({ brain, position }, random) => {
      const { plane } = shear({ brain, bufferMm: 2 + 6 * random.next() });
      const turn = ((6 + jitter(random, 3)) * Math.PI) / 180;
      // Steeper than the hull's own side by a few degrees: the lids of most heads lie just behind that.
      const [, ny, nz] = plane.normal;
      const [wy, wz] = [ny * Math.cos(turn) - nz * Math.sin(turn), ny * Math.sin(turn) + nz * Math.cos(turn)];
      const support = supportOf(brain, wy, wz);
      const offset = support + (plane.offsetMm - supportOf(brain, ny, nz));
      return (x, y, z) => {
        const [, worldY, worldZ] = applyMatrix(position, x, y, z);
        return wy * worldY + wz * worldZ - offset;
      };
    },
  },
  'template-mask': {
    id: 'template-mask',
    title: 'Template mask',
    zone: ({ person }, random) => seated(faceZone(person, { top: 14, back: 50 }), random),
  },
  'face-and-ears': {
    id: 'face-and-ears',
    title: 'Face and ears',
    zone: ({ person }, random) => {
      const face = faceZone(person, { top: 13, back: 42 });
      const innerX = person.faceWidthMm / 2 + 1;
      const ears: Zone = (x, y, z) => Math.min((x < 0 ? -x : x) - innerX, 24 - y, y + 50, z + 42, 40 - z);
      return seated((x, y, z) => Math.max(face(x, y, z), ears(x, y, z)), random);
    },
  },
  'eye-sparing': {
    id: 'eye-sparing',
    title: 'Eye-sparing removal',
    zone: ({ person }, random) => {
      const face = faceZone(person, { top: 15, back: 54 });
      const { eyeX, eyeY, eyeZ } = person;
      const spared = 12.4 + Math.abs(jitter(random, 0.7));
      const eyes: Zone = (x, y, z) => {
        const ex = (x < 0 ? -x : x) - eyeX;
        // Behind the eyeball the orbit stays with it.
        const ey = Math.max(0, y - eyeY + 3);
        const ez = z - eyeZ;
        return Math.sqrt(ex * ex + ey * ey + ez * ez) - spared;
      };
      const laid = seated(face, random);
      return (x, y, z) => Math.min(laid(x, y, z), eyes(x, y, z));
    },
  },
};

/**
 * Everything in front of `back` mm before the ears (a little further forward going up), from below the chin to `top` mm
 * above the middle of the eyes: eyes, nose, mouth, chin and the front of cheeks and jaw.
 */
function faceZone({ eyeZ, mentonZ }: PhantomPerson, { top, back }: { top: number; back: number }): Zone {
  const ceiling = eyeZ + top;
  const floor = mentonZ - 14;
  return (_x, y, z) => {
    const behind = back + 0.2 * Math.max(0, z + 5);
    return Math.min(ceiling - z, (y - behind) * 0.98, z - floor);
  };
}

/** The zone as a registration would seat it: off by about 1.5 mm, 2 degrees and 2 % about the middle of the face. */
function seated(zone: Zone, random: SeededRandom): Zone {
  const [sx, sy, sz] = [jitter(random, 1.5), jitter(random, 1.5), jitter(random, 1.5)];
  return moved(zone, {
    shiftMm: [sx, sy, sz],
    nodDeg: jitter(random, 2),
    rollDeg: jitter(random, 1.5),
    scale: 1 + jitter(random, 0.02),
    about: [0, 40, 0],
  });
}

export interface Motion {
  readonly shiftMm?: readonly [number, number, number];
  /** Turn about the left-right axis; above 0 the front of the zone goes up. */
  readonly nodDeg?: number;
  /** Turn about the front-back axis. */
  readonly rollDeg?: number;
  readonly scale?: number;
  readonly about: readonly [number, number, number];
}

/** The zone moved in person space. Depths stay millimetres. */
export function moved(
  zone: Zone,
  { shiftMm = [0, 0, 0], nodDeg = 0, rollDeg = 0, scale = 1, about }: Motion,
): Zone {
  const nod = (nodDeg * Math.PI) / 180;
  const roll = (rollDeg * Math.PI) / 180;
  const [cn, sn, cr, sr] = [Math.cos(nod), Math.sin(nod), Math.cos(roll), Math.sin(roll)];
  return (x, y, z) => {
    const px = (x - shiftMm[0] - about[0]) / scale;
    const py = (y - shiftMm[1] - about[1]) / scale;
    const pz = (z - shiftMm[2] - about[2]) / scale;
    // The point turned back: first the nod, then the roll.
    const ny = cn * py + sn * pz;
    const nz = -sn * py + cn * pz;
    const rx = cr * px + sr * nz;
    const rz = -sr * px + cr * nz;
    return scale * zone(rx + about[0], ny + about[1], rz + about[2]);
  };
}

/** How far the brain reaches along a direction of the sagittal plane, in world mm. */
function supportOf({ bits, shape: [nx, ny, nz], affine: m }: Mask, dy: number, dz: number): number {
  let most = -Infinity;
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (bits[n] === 0) continue;
        const y = m[4] * i + m[5] * j + m[6] * k + m[7];
        const z = m[8] * i + m[9] * j + m[10] * k + m[11];
        const along = dy * y + dz * z;
        if (along > most) most = along;
      }
    }
  }
  return most;
}

const brainLabels: readonly number[] = [
  phantomLabels.fluid,
  phantomLabels.grey,
  phantomLabels.white,
  phantomLabels.ventricles,
];
/** The cord below this height of person space is no brain, in mm. */
const lowestBrainZ = -32;

/** Brain with its fluid, from a phantom's labels. */
export function trueBrain({ labels, position }: Pick<PhantomHead, 'labels' | 'position'>): Mask {
  const { shape, affine } = labels;
  const [nx, ny, nz] = shape;
  const toPerson = invert(position);
  const bits = new Uint8Array(labels.labels.length);
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (!brainLabels.includes(labels.labels[n])) continue;
        const world = applyMatrix(affine, i, j, k);
        const height =
          toPerson[8] * world[0] + toPerson[9] * world[1] + toPerson[10] * world[2] + toPerson[11];
        if (height > lowestBrainZ) bits[n] = 1;
      }
    }
  }
  return { shape, affine, bits };
}
