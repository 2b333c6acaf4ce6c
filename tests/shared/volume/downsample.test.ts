import { describe, expect, it } from 'vitest';
import { toWorld } from '../../../src-shared/volume/affine.ts';
import { blockMean, blockMeanTo, cubicGrid, resampleTo } from '../../../src-shared/volume/downsample.ts';
import { voxelPoint } from '../../../src-shared/volume/points.ts';
import { affine, at, straight, volumeOf } from './makers.ts';

describe('coarser grids', () => {
  it('average blocks, the cut ones at the far border over what they have', () => {
    const coarse = blockMean(
      volumeOf([5, 2, 3], (x, y, z) => x + 10 * y + 100 * z),
      [2, 2, 2],
    );
    expect(coarse.shape).toEqual([3, 1, 2]);
    expect([...coarse.values]).toEqual([55.5, 57.5, 59, 205.5, 207.5, 209]);
  });

  it('have their voxel centres in the middle of the blocks', () => {
    const coarse = blockMean(
      volumeOf([6, 6, 6], () => 0, affine(-1, 0, 0, 90, 0, 0, 2, -50, 0, 1, 0, 8)),
      [3, 2, 1],
    );
    expect(toWorld(coarse.affine, voxelPoint(0, 0, 0))).toEqual([89, -50, 8.5]);
    expect(toWorld(coarse.affine, voxelPoint(1, 1, 1))).toEqual([86, -48, 10.5]);
  });

  it('choose whole factors nearest to a spacing', () => {
    expect(
      blockMeanTo(
        volumeOf([40, 40, 10], () => 1, straight(1, 1, 5)),
        { spacingMm: 4 },
      ).shape,
    ).toEqual([10, 10, 10]);
  });

  it('keep a ramp in place when resampled to any spacing', () => {
    const ramp = volumeOf([40, 40, 40], (x, y, z) => x + 2 * y - z, straight(1.1, 0.9, 1));
    const coarse = resampleTo(ramp, { spacingMm: 2.7 });
    const p = [7, 6, 8] as const;
    const [x, y, z] = toWorld(coarse.affine, voxelPoint(...p));
    expect(coarse.values[at(coarse, ...p)]).toBeCloseTo(x / 1.1 + (2 * y) / 0.9 - z, 2);
  });

  it('cover the same field about the same centre', () => {
    const grid = { shape: [100, 50, 20] as const, affine: straight(1, 1, 4) };
    const cubic = cubicGrid(grid, 3);
    expect(cubic.shape).toEqual([34, 17, 27]);
    const centre = toWorld(cubic.affine, voxelPoint(16.5, 8, 13));
    [49.5, 24.5, 38].forEach((mm, axis) => expect(centre[axis]).toBeCloseTo(mm, 9));
  });
});
