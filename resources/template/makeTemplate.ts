import { join } from 'node:path';
import {
  affineOf,
  type WorldTransform,
  identityMatrix,
  worldTransformOf,
} from '../../src-shared/volume/affine.ts';
import { smooth } from '../../src-shared/volume/gaussian.ts';
import { resample } from '../../src-shared/volume/resample.ts';
import type { Grid, LabelVolume, Volume } from '../../src-shared/volume/volume.ts';
import { registerToTemplate } from '../../src-shared/registration/registerToTemplate.ts';
import type { Template } from '../../src-shared/registration/template.ts';
import { readMask, readVolume } from '../../src-main/files/readVolume.ts';
import { writeImage } from '../../src-main/files/writeNiftiFile.ts';
import { faceRegions } from './faceRegions.ts';

/**
 * Makes the template head: `node resources/template/makeTemplate.ts HEADS_FOLDER BRAINS_FOLDER OUT_FOLDER [LEFT_OUT]`. The heads are
 * registered to one of them, averaged with their mirror images, and the average takes the place of that one; three rounds. `LEFT_OUT`
 * names heads, with commas, that must not take part, so that the registration can be judged on heads it has not seen.
 */
const [headsFolder, brainsFolder, outFolder, leftOut = ''] = process.argv.slice(2);
const rounds = 3;

/** 2 mm, x from the left to the right ear, symmetric about the middle plane; MNI-like coordinates. */
const grid: Grid = {
  shape: [101, 119, 120],
  affine: affineOf([2, 0, 0, -100, 0, 2, 0, -126, 0, 0, 2, -140]),
};

interface Source {
  readonly name: string;
  /** Whether its intensities are T1-like; the others give only the brain. */
  readonly t1: boolean;
  /** How much it counts: one man scanned twice counts once. */
  readonly weight: number;
  /** Whether voxels of exactly 0 were removed from it and say nothing. */
  readonly defaced?: boolean;
}
const sources: readonly Source[] = [
  { name: 'colin27_t1', t1: true, weight: 1 },
  { name: 't1_fullhead_1p6mm', t1: true, weight: 1 },
  { name: 't1_mprage_capsules', t1: true, weight: 1 },
  { name: 't1_2dsag_hfs', t1: true, weight: 0.5 },
  { name: 't1_2dsag_hfdr_cutfov', t1: true, weight: 0.5 },
  { name: 't1_patient_upperface', t1: true, weight: 0.7 },
  { name: 't1_defaced_studyforrest', t1: true, weight: 1, defaced: true },
  { name: 'flair_3d_1mm', t1: false, weight: 1 },
  { name: 't2_oblique_cutfov', t1: false, weight: 1 },
];

interface Loaded extends Source {
  readonly scan: Volume;
  /** Intensities with the mean of the brain at one half, at most 1. */
  readonly level: Volume;
  readonly brain: Volume;
}

const loaded: Loaded[] = [];
for (const source of sources) {
  if (leftOut.split(',').includes(source.name)) continue;
  const scan = await readVolume(join(headsFolder, `${source.name}.nii.gz`));
  const mask = await readMask(join(brainsFolder, `${source.name}_deepbet.nii.gz`), scan);
  let sum = 0;
  let count = 0;
  for (let n = 0; n < mask.bits.length; n++) {
    if (mask.bits[n] === 0) continue;
    sum += scan.values[n];
    count++;
  }
  const unit = (0.5 * count) / sum;
  const level: Volume = {
    ...scan,
    values: Float32Array.from(scan.values, (v) => Math.max(0, Math.min(1, v * unit))),
  };
  loaded.push({ ...source, scan, level, brain: { ...scan, values: Float32Array.from(mask.bits) } });
}

const colin = loaded[0];
let maps: WorldTransform[] = [worldTransformOf(identityMatrix)];
let template = averageOf([colin], maps, 0);
for (let round = 1; round <= rounds; round++) {
  const next: WorldTransform[] = [];
  for (const one of loaded) {
    const { templateToScan, quality, verdict } = registerToTemplate(one.scan, template);
    next.push(templateToScan);
    console.log(
      round,
      one.name,
      verdict,
      JSON.stringify(quality, (_, v: unknown) => (typeof v === 'number' ? +v.toFixed(3) : v)),
    );
  }
  maps = next;
  template = averageOf(loaded, maps, round);
}
await writeImage(join(outFolder, 'head.nii.gz'), bytesOf(template.head, 63));
await writeImage(join(outFolder, 'brain.nii.gz'), bytesOf(template.brain, 50));
await writeImage(join(outFolder, 'known.nii.gz'), bytesOf(template.known ?? template.head, 1));
await writeImage(join(outFolder, 'regions.nii.gz'), template.labels);

function bytesOf({ shape, affine, values }: Volume, top: number): LabelVolume {
  return {
    shape,
    affine,
    labels: Uint8Array.from(values, (v) => Math.round(Math.max(0, Math.min(1, v)) * top)),
  };
}

function averageOf(heads: readonly Loaded[], transforms: readonly WorldTransform[], round: number): Template {
  const size = grid.shape[0] * grid.shape[1] * grid.shape[2];
  const [level, levelWeight, brain, brainWeight] = [0, 0, 0, 0].map(() => new Float64Array(size));
  heads.forEach((one, n) => {
    const placed = { onto: grid, targetToSource: transforms[n] };
    const soft = smooth(one.level, { sigmaMm: 0.8 });
    const seenValues = new Float32Array(one.scan.values.length).fill(1);
    if (one.defaced)
      for (let v = 0; v < seenValues.length; v++) if (one.scan.values[v] === 0) seenValues[v] = 0;
    const seen = resample({ ...one.scan, values: seenValues }, placed).values;
    const levels = resample(soft, placed).values;
    const brains = resample(one.brain, placed).values;
    for (let v = 0; v < size; v++) {
      const share = seen[v] > 0.98 ? one.weight : 0;
      if (share === 0) continue;
      if (one.t1) {
        level[v] += share * levels[v];
        levelWeight[v] += share;
      }
      brain[v] += share * brains[v];
      brainWeight[v] += share;
    }
  });
  for (const sums of [level, levelWeight, brain, brainWeight]) symmetrise(sums);
  const head = new Float32Array(size);
  const probability = new Float32Array(size);
  const known = new Float32Array(size);
  for (let v = 0; v < size; v++) {
    known[v] = levelWeight[v] > (round === 0 ? 0 : 0.4) ? 1 : 0;
    head[v] = levelWeight[v] > 0 ? level[v] / levelWeight[v] : 0;
    probability[v] = brainWeight[v] > 0 ? brain[v] / brainWeight[v] : 0;
  }
  const volume = (values: Float32Array): Volume => ({ ...grid, values });
  return {
    ...grid,
    head: smooth(volume(head), { sigmaMm: 1.5 }),
    brain: volume(probability),
    known: volume(known),
    labels: faceRegions(grid, volume(head), smooth(volume(probability), { sigmaMm: 2 })),
  };
}

function symmetrise(values: Float64Array): void {
  const [nx] = grid.shape;
  for (let row = 0; row < values.length; row += nx) {
    for (let i = 0; i < nx - 1 - i; i++) {
      const mean = (values[row + i] + values[row + nx - 1 - i]) / 2;
      values[row + i] = mean;
      values[row + nx - 1 - i] = mean;
    }
  }
}
