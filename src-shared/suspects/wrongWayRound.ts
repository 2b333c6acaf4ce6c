import { registerToTemplate, type Registration } from '../registration/registerToTemplate.ts';
import { affineOf, applyMatrix, multiply, type Matrix } from '../volume/affine.ts';
import type { Volume } from '../volume/volume.ts';
import type { SuspicionCheck } from './check.ts';
import { isPlaced, type SuspectContext } from './suspectContext.ts';

/** Turns of more than this between the axes of the header and those of the head are no way of lying in a scanner. */
const tiltedCosine = 0.6;
/** What a turned trial has to gain over the header's orientation, in overlap and twice the information. */
const leastGain = 0.03;

interface Way {
  readonly sentence: string;
  /** Where the head's upper end and its face point to in the header's axes. */
  readonly facts: Readonly<Record<string, number>>;
}

const words = {
  upsideDown: 'The head stands upside down in this image',
  backToFront: 'The face points to the back in this image',
  both: 'The head stands upside down and faces the back in this image',
  turned: 'The axes of the head are not those that the orientation in the header names',
} as const;

/**
 * The head lies otherwise than its header says: the registration turned it, or the template fits clearly better when the
 * image is turned over on trial. A swap of left and right cannot be seen: the template is symmetric, and so nearly is a
 * head. Only beside another copy of the scan it shows, see `nearDuplicates`.
 */
export const wrongWayRound: SuspicionCheck = {
  kind: 'wrong-way-round',
  find: (context) => {
    const way = wayOf(context);
    return way === null
      ? null
      : { strength: 'likely', sentence: `${way.sentence}; its orientation may be wrong.`, facts: way.facts };
  },
};

export const isTurnedRound = (context: SuspectContext): boolean => wayOf(context) !== null;

const known = new WeakMap<SuspectContext, { readonly way: Way | null }>();

/** Tried once a scan: the trials take as long as registrations do. */
function wayOf(context: SuspectContext): Way | null {
  let entry = known.get(context);
  if (entry === undefined) {
    entry = { way: findWay(context) };
    known.set(context, entry);
  }
  return entry.way;
}

function findWay({ input, volume, head, placed }: SuspectContext): Way | null {
  const { registration, template } = input;
  if (registration === null || head === null) return null;
  if (placed !== null) return turnedWay(placed.templateToScan, placed, 0);
  const scoreAsIs = scoreOf(registration);
  let best: { readonly trial: Registration; readonly flip: Flip; readonly gain: number } | null = null;
  for (const flip of flips) {
    const trial = registerToTemplate(flipped(volume, flip), template);
    const gain = scoreOf(trial) - scoreAsIs;
    if (isPlaced(trial) && gain >= leastGain && (best === null || gain > best.gain)) {
      best = { trial, flip, gain };
    }
  }
  if (best === null) return null;
  const { trial, flip, gain } = best;
  return turnedWay(multiply(aroundOrigin(flip), trial.templateToScan), trial, gain);
}

/** A linear map that is its own inverse, row by row. */
type Flip = readonly [
  number, number, number,
  number, number, number,
  number, number, number,
]; // prettier-ignore

/**
 * Mirrored upwards, a head on its crown looks like one on its feet but for left and right, which the template does not
 * part; so mirrors serve as half turns. The last one lets the face look to one side, the search itself finds the other ways.
 */
const flips: readonly Flip[] = [
  [1, 0, 0, 0, 1, 0, 0, 0, -1],
  [1, 0, 0, 0, -1, 0, 0, 0, 1],
  [1, 0, 0, 0, -1, 0, 0, 0, -1],
  [0, 1, 0, 1, 0, 0, 0, 0, 1],
];

const scoreOf = ({ quality }: Registration): number => quality.headOverlap + 2 * quality.brainInformation;

function turnedWay(map: Matrix, { quality }: Registration, gain: number): Way | null {
  const cosine = (row: number): number =>
    map[row * 4 + row] / Math.hypot(map[row], map[row + 4], map[row + 8]);
  const [right, front, up] = [0, 1, 2].map(cosine);
  if (Math.abs(right) > tiltedCosine && front > tiltedCosine && up > tiltedCosine) return null;
  const facts = {
    faceTowardsFront: front,
    crownTowardsTop: up,
    headOverlap: quality.headOverlap,
    brainInformation: quality.brainInformation,
    gain,
  };
  const down = up < -tiltedCosine;
  const back = front < -tiltedCosine;
  let sentence: string = words.turned;
  if (down && back) sentence = words.both;
  else if (down && front > tiltedCosine) sentence = words.upsideDown;
  else if (back && up > tiltedCosine) sentence = words.backToFront;
  return { sentence, facts };
}

const aroundOrigin = (f: Flip): Matrix => [f[0], f[1], f[2], 0, f[3], f[4], f[5], 0, f[6], f[7], f[8], 0];

/** The volume with its world flipped about the middle of the grid. */
function flipped(volume: Volume, f: Flip): Volume {
  const [nx, ny, nz] = volume.shape;
  const centre = applyMatrix(volume.affine, (nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2);
  const [x, y, z] = applyMatrix(aroundOrigin(f), ...centre);
  const about: Matrix = [
    f[0], f[1], f[2], centre[0] - x,
    f[3], f[4], f[5], centre[1] - y,
    f[6], f[7], f[8], centre[2] - z,
  ]; // prettier-ignore
  return { ...volume, affine: affineOf(multiply(about, volume.affine)) };
}
