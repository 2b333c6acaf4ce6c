import { describe, expect, it } from 'vitest';
import { worldTransformOf } from '../../../src-shared/volume/affine.ts';
import { canonicalVolume } from '../../../src-shared/volume/canonical.ts';
import {
  resample,
  resampleLabels,
  resampleMask,
  resampleNearest,
} from '../../../src-shared/volume/resample.ts';
import { countInside } from '../../../src-shared/volume/volume.ts';
import { affine, at, maskOf, straight, volumeOf } from './makers.ts';

const ramp = volumeOf([20, 20, 20], (x, y, z) => 2 * x - y + 0.5 * z + 7, straight(1, 1.5, 2));

describe('resampling', () => {
  it('reads a linear ramp exactly between voxels', () => {
    const finer = resample(ramp, {
      onto: { shape: [30, 40, 50], affine: affine(0.5, 0, 0, 2, 0, 0.6, 0, 2, 0, 0, 0.5, 3) },
    });
    const [x, y, z] = [7, 11, 13];
    const [i, j, k] = [0.5 * x + 2, (0.6 * y + 2) / 1.5, (0.5 * z + 3) / 2];
    expect(finer.values[at(finer, x, y, z)]).toBeCloseTo(2 * i - j + 0.5 * k + 7, 4);
  });

  it('onto its own grid changes nothing, the outermost voxels included', () => {
    expect([...resample(ramp, { onto: ramp }).values]).toEqual([...ramp.values]);
    expect([...resampleNearest(ramp, { onto: ramp }).values]).toEqual([...ramp.values]);
  });

  it('onto the canonical grid is the canonical view', () => {
    const turned = volumeOf(
      [6, 7, 8],
      (x, y, z) => x + 10 * y + 100 * z,
      affine(0, 0, -2, 9, 1, 0, 0, 3, 0, -1.5, 0, 4),
    );
    const canonical = canonicalVolume(turned);
    const found = resample(turned, { onto: canonical }).values;
    for (let n = 0; n < found.length; n++) expect(found[n]).toBeCloseTo(canonical.values[n], 3);
  });

  it('follows a transform from the target to the source', () => {
    const dot = volumeOf([9, 9, 9], (x, y, z) => (x === 6 && y === 4 && z === 2 ? 1 : 0));
    const shift = worldTransformOf([1, 0, 0, 3, 0, 1, 0, 0, 0, 0, 1, -1]);
    const moved = resample(dot, { onto: dot, targetToSource: shift });
    expect(moved.values[at(moved, 3, 4, 3)]).toBe(1);
  });

  it('gives the value for outside beyond half a voxel', () => {
    const wide = resample(ramp, {
      onto: { shape: [4, 1, 1], affine: affine(0.4, 0, 0, -0.9, 0, 1, 0, 0, 0, 0, 1, 0) },
      outside: -5,
    });
    expect([...wide.values].map((v) => Math.round(v * 10) / 10)).toEqual([-5, 7, 7, 7.6]);
  });

  it('keeps the volume of a ball when its mask goes to a finer grid', () => {
    const ball = maskOf([30, 30, 30], (x, y, z) => Math.hypot(x - 15, y - 15, z - 15) < 10, straight(2));
    const finer = resampleMask(ball, {
      onto: { shape: [60, 60, 60], affine: affine(1, 0, 0, -0.5, 0, 1, 0, -0.5, 0, 0, 1, -0.5) },
    });
    expect(countInside(finer.bits) / (countInside(ball.bits) * 8)).toBeCloseTo(1, 1);
  });

  it('never mixes labels', () => {
    const labels = { shape: [4, 1, 1] as const, affine: straight(1), labels: Uint8Array.of(1, 5, 9, 3) };
    const finer = resampleLabels(labels, {
      onto: { shape: [8, 1, 1], affine: affine(0.5, 0, 0, -0.25, 0, 1, 0, 0, 0, 0, 1, 0) },
    });
    expect([...finer.labels]).toEqual([1, 1, 5, 5, 9, 9, 3, 3]);
  });
});
