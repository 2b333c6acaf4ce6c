import type { PhantomPerson } from '../phantom/person.ts';
import type { SeededRandom } from '../stats/random.ts';
import { moved, type MechanismId, type Zone } from './mechanisms.ts';

export const failureKinds = [
  'none',
  'tight',
  'no-op',
  'other-person',
  'shift',
  'tilt',
  'scale',
  'shallow',
  'eyes-kept',
  'nose-tip-kept',
  'lip-kept',
  'side-kept',
  'frontal-cut',
  'intensity-drift',
  'background',
  'blur',
] as const;
export type FailureKind = (typeof failureKinds)[number];

export const failureTitles: Readonly<Record<FailureKind, string>> = {
  none: 'as intended',
  tight: 'tight but right',
  'no-op': 'nothing removed',
  'other-person': "another person's output",
  shift: 'shifted',
  tilt: 'tilted',
  scale: 'wrong size',
  shallow: 'too shallow',
  'eyes-kept': 'eyes kept',
  'nose-tip-kept': 'tip of the nose kept',
  'lip-kept': 'lips kept',
  'side-kept': 'one side kept',
  'frontal-cut': 'frontal lobe cut',
  'intensity-drift': 'intensities drifted',
  background: 'background not empty',
  blur: 'blurred',
};

/** A failure with its dose. `dose` is in `unit`; `way` says which of several ways, where there are. */
export interface Failure {
  readonly kind: FailureKind;
  readonly dose: number;
  readonly unit: string;
  readonly way: string;
}

/** How often each kind comes, as parts of their sum. */
const weights: readonly (readonly [FailureKind, number])[] = [
  ['none', 17],
  ['tight', 8],
  ['no-op', 2.5],
  ['other-person', 2],
  ['shift', 16],
  ['tilt', 9],
  ['scale', 6],
  ['shallow', 9],
  ['eyes-kept', 7],
  ['nose-tip-kept', 5],
  ['lip-kept', 4],
  ['side-kept', 5],
  ['frontal-cut', 4],
  ['intensity-drift', 2.5],
  ['background', 1.5],
  ['blur', 1.5],
];

const oneOf = <T>(random: SeededRandom, list: readonly T[]): T => list[random.integer(list.length)];

/** Draws a failure for one defacing. */
export function drawFailure(mechanism: MechanismId, random: SeededRandom): Failure {
  let at = random.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  const kind = weights.find(([, weight]) => (at -= weight) < 0)?.[0] ?? 'none';
  const failure = (dose: number, unit: string, way = ''): Failure => ({ kind, dose, unit, way });
  switch (kind) {
    case 'none':
    case 'no-op':
      return failure(0, '');
    case 'tight':
      return failure(random.uniform(0.5, 2), 'mm');
    case 'other-person':
      return failure(0, '', oneOf(random, ['defaced', 'defaced', 'untouched']));
    case 'shift':
      return failure(
        random.uniform(3, 25),
        'mm',
        oneOf(random, ['down', 'down', 'forward', 'forward', 'up', 'back', 'left', 'right']),
      );
    case 'tilt':
      return failure(random.uniform(5, 25), 'degrees', oneOf(random, ['nod up', 'nod down', 'roll']));
    case 'scale':
      return failure(
        mechanism === 'shearing-plane' ? random.uniform(0.72, 0.99) : random.uniform(0.72, 1.25),
        'times',
      );
    case 'shallow':
      return failure(random.uniform(3, 25), 'mm');
    case 'eyes-kept':
      return failure(random.uniform(3, 20), 'mm', oneOf(random, ['both', 'left', 'right']));
    case 'nose-tip-kept':
      return failure(random.uniform(2, 16), 'mm');
    case 'lip-kept':
      return failure(random.uniform(3, 26), 'mm', oneOf(random, ['both', 'lower']));
    case 'side-kept':
      return failure(random.uniform(0, 50), 'mm from the middle', oneOf(random, ['left', 'right']));
    case 'frontal-cut':
      // Evenly over the orders of magnitude.
      return failure(0.5 * 100 ** random.next(), 'ml');
    case 'intensity-drift':
      return failure(oneOf(random, [random.uniform(0.6, 0.95), random.uniform(1.05, 1.5)]), 'times');
    case 'background':
      return failure(random.uniform(0.005, 0.08), 'of the range');
    case 'blur':
      return failure(random.uniform(0.5, 2), 'mm');
  }
}

/**
 * The zone that a mechanism removes when the failure has befallen it, without the doses that need a whole image (tight,
 * frontal cut, other person, drift, background, blur).
 */
export function failedZone(zone: Zone, { kind, dose, way }: Failure, p: PhantomPerson): Zone {
  switch (kind) {
    case 'no-op':
      return () => -1;
    case 'shift': {
      const shiftMm = shifts[way].map((part) => part * dose) as unknown as [number, number, number];
      return moved(zone, { shiftMm, about: [0, 0, 0] });
    }
    case 'tilt': {
      const about = [0, 30, 30] as const;
      if (way === 'roll') return moved(zone, { rollDeg: dose, about });
      return moved(zone, { nodDeg: way === 'nod up' ? dose : -dose, about });
    }
    case 'scale':
      return moved(zone, { scale: dose, about: [0, 20, 10] });
    case 'shallow':
      return (x, y, z) => zone(x, y, z) - dose;
    // What is kept reaches straight back to what lies behind, as a spared part of a mask does.
    case 'eyes-kept':
      return without(zone, (x, _y, z) => {
        if ((way === 'left' && x > 0) || (way === 'right' && x < 0)) return false;
        const dx = (x < 0 ? -x : x) - p.eyeX;
        const dz = z - p.eyeZ;
        return dx * dx + 2.2 * dz * dz < dose * dose;
      });
    case 'nose-tip-kept':
      return without(zone, (x, _y, z) => {
        const dx = x - p.noseShiftMm;
        const dz = z - p.pronasale.z;
        return dx * dx + dz * dz < dose * dose;
      });
    case 'lip-kept':
      return without(zone, (x, _y, z) => {
        const dz = z - p.stomion.z;
        return (way === 'both' || dz < 0) && x * x + 4 * dz * dz < dose * dose;
      });
    case 'side-kept': {
      const side = way === 'left' ? -1 : 1;
      return without(zone, (x) => side * x > dose);
    }
    case 'none':
    case 'tight':
    case 'other-person':
    case 'frontal-cut':
    case 'intensity-drift':
    case 'background':
    case 'blur':
      return zone;
  }
}

const shifts: Readonly<Record<string, readonly [number, number, number]>> = {
  down: [0, 0, -1],
  up: [0, 0, 1],
  forward: [0, 1, 0],
  back: [0, -1, 0],
  left: [-1, 0, 0],
  right: [1, 0, 0],
};

const without =
  (zone: Zone, kept: (x: number, y: number, z: number) => boolean): Zone =>
  (x, y, z) =>
    kept(x, y, z) ? -1 : zone(x, y, z);
