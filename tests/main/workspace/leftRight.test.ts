import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readVolume } from '../../../src-main/files/readVolume.ts';
import { writeNiftiBytes } from '../../../src-main/files/writeNiftiFile.ts';
import type { DisplayBytes } from '../../../src-main/workers/displayWorker.ts';
import { openPool, type Pool } from '../../../src-main/workers/pool.ts';
import {
  edgeLetters,
  pixelOf,
  planes,
  voxelsOf,
  type SliceVolume,
  type VoxelType,
} from '../../../src-renderer/scene/slice.ts';
import { affineOf, applyMatrix, type Affine } from '../../../src-shared/volume/affine.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

let pool: Pool;
let folder: string;
beforeAll(async () => {
  pool = openPool({
    size: 1,
    entry: new URL('../../../src-main/workers/displayWorker.ts', import.meta.url),
  });
  folder = await mkdtemp(join(tmpdir(), 'left-right-'));
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

interface Shown {
  readonly volume: SliceVolume;
  readonly affine: Affine;
}

/** An image as the slices of the compare screen get it. */
async function shown(path: string): Promise<Shown> {
  const { bytes, facts } = (await pool.run('volume', { path })) as DisplayBytes;
  const { shape, affine, spacingMm, type } = facts as unknown as {
    shape: SliceVolume['shape'];
    affine: Affine;
    spacingMm: SliceVolume['spacingMm'];
    type: VoxelType;
  };
  const values = voxelsOf(type, bytes.buffer);
  return { affine, volume: { shape, spacingMm, values, removed: null, brain: null } };
}

/** World directions (RAS+ mm) the letters at the edges name. */
const directions: Readonly<Record<string, readonly [axis: number, sign: number]>> = {
  R: [0, 1],
  L: [0, -1],
  A: [1, 1],
  P: [1, -1],
  S: [2, 1],
  I: [2, -1],
};

/** One voxel further towards an edge of a slice lies, in the world, in the direction its letter names. */
function lettersHold({ volume, affine }: Shown): void {
  const middle = volume.shape.map((n) => n >> 1) as [number, number, number];
  for (const plane of planes) {
    for (const axis of [0, 1, 2] as const) {
      const next = [...middle] as [number, number, number];
      next[axis]++;
      const [x, y] = pixelOf(volume, plane, middle);
      const [toX, toY] = pixelOf(volume, plane, next);
      if (toX === x && toY === y) continue; // the axis that the plane cuts
      const letters = edgeLetters[plane];
      const edge = toX < x ? letters.left : toX > x ? letters.right : toY < y ? letters.top : letters.bottom;
      const [from, to] = [applyMatrix(affine, ...middle), applyMatrix(affine, ...next)];
      const [world, sign] = directions[edge];
      const moved = to.map((mm, n) => mm - from[n]);
      // The greatest part of the step, and with the sign the letter says: oblique scans are within 45 degrees.
      expect(Math.max(...moved.map(Math.abs))).toBe(Math.abs(moved[world]));
      expect(Math.sign(moved[world])).toBe(sign);
    }
  }
}

it('letters at the edges are right for every way a head can be stored', async () => {
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]) {
    for (let flips = 0; flips < 8; flips++) {
      const rows = [0, 1, 2].map((world) => {
        const row = [0, 0, 0, 10 * world];
        row[order[world]] = ((flips >> world) & 1) === 1 ? -2 : 2;
        return row;
      });
      const affine = affineOf(rows.flat() as unknown as Parameters<typeof affineOf>[0]);
      const shape = [16, 18, 20] as const;
      const values = Float32Array.from({ length: 16 * 18 * 20 }, (_, n) => n % 5);
      // One voxel far to the right of the subject, in front and above, is bright.
      const bright = order
        .map((axis, world) => [axis, ((flips >> world) & 1) === 1 ? 1 : shape[axis] - 2] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, index]) => index);
      values[bright[0] + 16 * (bright[1] + 18 * bright[2])] = 999;
      const path = join(folder, `${order.join('')}-${flips}.nii.gz`);
      await writeNiftiBytes(path, encodeNifti({ shape, affine, values }));
      const seen = await shown(path);
      lettersHold(seen);
      const [i, j, k] = seen.volume.shape.map((n) => n - 2);
      expect(seen.volume.values[i + seen.volume.shape[0] * (j + seen.volume.shape[1] * k)]).toBe(999);
    }
  }
});

describeWithShared('the shared heads', () => {
  it.each([
    'colin27_t1',
    't1_fullhead_1p6mm',
    't1_mprage_capsules',
    't1_2dsag_hfs',
    't1_2dsag_hfdr_cutfov',
    't2_oblique_cutfov',
    'flair_3d_1mm',
    't1_patient_upperface',
    't1_defaced_studyforrest',
    'flair_skullstripped',
  ])('%s: letters, world coordinates and values agree with the file', async (name) => {
    const path = sharedPath('data', 'heads', `${name}.nii.gz`);
    const seen = await shown(path);
    lettersHold(seen);
    // The brightest voxel of the file has the same place in the world on the screen.
    const stored = await readVolume(path);
    let top = 0;
    for (let n = 0; n < stored.values.length; n++) if (stored.values[n] > stored.values[top]) top = n;
    const [nx, ny] = stored.shape;
    const world = applyMatrix(
      stored.affine,
      top % nx,
      Math.floor(top / nx) % ny,
      Math.floor(top / (nx * ny)),
    );
    const { shape, values } = seen.volume;
    const places = [...values.keys()].filter((n) => values[n] === stored.values[top]);
    const nearest = places.some((n) => {
      const at = applyMatrix(
        seen.affine,
        n % shape[0],
        Math.floor(n / shape[0]) % shape[1],
        Math.floor(n / (shape[0] * shape[1])),
      );
      return Math.hypot(...at.map((mm, axis) => mm - world[axis])) < 1e-3;
    });
    expect(nearest).toBe(true);
  });
});
