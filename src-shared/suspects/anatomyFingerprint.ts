import type { Registration } from '../registration/registerToTemplate.ts';
import {
  affineOf,
  applyMatrix,
  worldTransformOf,
  type Matrix,
  type WorldTransform,
} from '../volume/affine.ts';
import { blockMeanTo } from '../volume/downsample.ts';
import { smooth } from '../volume/gaussian.ts';
import { resample } from '../volume/resample.ts';
import type { Grid, Volume } from '../volume/volume.ts';
import { brightOf, isPlaced } from './suspectContext.ts';

/**
 * A scan as a short list of numbers: what its anatomy shows between about 4 and 20 mm in the place of the brain.
 * Independent of linear rescaling of the values.
 */
export interface AnatomyFingerprint {
  /** Fingerprints are compared within one space: the template's, or around the middle of what is in the image. */
  readonly space: 'template' | 'middle';
  /** On `fingerprintGrid`, in steps of 1/40 standard deviation, -120 to 120; `unseen` where the scan shows nothing. */
  readonly steps: Int8Array;
}

export const unseen = -128;

/** Template mm: the brain above the face, so that a removed face leaves the fingerprint as it was. Even about x = 0. */
export const fingerprintGrid: Grid = {
  shape: [31, 37, 21],
  affine: affineOf([4.5, 0, 0, -67.5, 0, 4.5, 0, -96, 0, 0, 4.5, -14]),
};

const fineSigmaMm = 2.5;
const coarseSigmaMm = 10;

/** Pure and deterministic; a registration that is not placed counts as none. */
export function anatomyFingerprint(
  volume: Volume,
  registration: Registration | null = null,
): AnatomyFingerprint {
  const placed = registration !== null && isPlaced(registration) ? registration : null;
  const light = smooth(blockMeanTo(clipped(volume), { spacingMm: 3 }), { sigmaMm: fineSigmaMm });
  const targetToSource = placed?.templateToScan ?? aboutMiddle(light);
  const read = resample(light, { onto: fingerprintGrid, targetToSource, outside: Number.NaN });
  return { space: placed === null ? 'middle' : 'template', steps: stepsOf(detail(read)) };
}

/** Fat and vessels brighter than nearly everything would outweigh the brain. */
function clipped(volume: Volume): Volume {
  const most = brightOf(volume.values);
  const values = new Float32Array(volume.values.length);
  for (let n = 0; n < values.length; n++) {
    const value = volume.values[n];
    values[n] = value > most ? most : Number.isFinite(value) ? value : 0;
  }
  return { ...volume, values };
}

/** The values less their surroundings; NaN stays. What is unseen counts as the mean of what is seen. */
function detail(read: Volume): Float64Array {
  let [sum, seen] = [0, 0];
  for (const value of read.values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    seen++;
  }
  const mean = seen === 0 ? 0 : sum / seen;
  const filled = Float32Array.from(read.values, (value) => (Number.isNaN(value) ? mean : value));
  const around = smooth({ ...read, values: filled }, { sigmaMm: coarseSigmaMm }).values;
  return Float64Array.from(read.values, (value, n) => value - around[n]);
}

function stepsOf(values: Float64Array): Int8Array {
  let [sum, squares, seen] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    squares += value * value;
    seen++;
  }
  const mean = seen === 0 ? 0 : sum / seen;
  const deviation = seen === 0 ? 0 : Math.sqrt(Math.max(0, squares / seen - mean * mean));
  return Int8Array.from(values, (value) => {
    if (Number.isNaN(value) || !(deviation > 0)) return unseen;
    return Math.max(-120, Math.min(120, Math.round((40 * (value - mean)) / deviation)));
  });
}

/** Template mm laid about the centre of brightness, without a turn: for what no template fits. */
function aboutMiddle(volume: Volume): WorldTransform {
  const { shape: [nx, ny, nz], affine, values } = volume; // prettier-ignore
  let [x, y, z, sum] = [0, 0, 0, 0];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        const weight = values[n] > 0 ? values[n] : 0;
        x += weight * i;
        y += weight * j;
        z += weight * k;
        sum += weight;
      }
    }
  }
  const at =
    sum > 0 ? applyMatrix(affine, x / sum, y / sum, z / sum) : applyMatrix(affine, nx / 2, ny / 2, nz / 2);
  const [cx, cy, cz] = applyMatrix(fingerprintGrid.affine, 15, 18, 10);
  const map: Matrix = [1, 0, 0, at[0] - cx, 0, 1, 0, at[1] - cy, 0, 0, 1, at[2] - cz];
  return worldTransformOf(map);
}
