import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pack } from '../../../src-main/files/pack.ts';
import { probeNifti, readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { writeError, writeFileWhole } from '../../../src-main/files/writeFile.ts';
import { writeImage } from '../../../src-main/files/writeNiftiFile.ts';
import { niftiBytes } from '../../shared/volume/niftiBytes.ts';
import { affine, maskOf, straight, volumeOf } from '../../shared/volume/makers.ts';
import { emptyFolder } from './folder.ts';

describe('writing a file', () => {
  it('makes the folders on the way and leaves nothing beside it', async () => {
    const folder = await emptyFolder();
    await writeFileWhole(join(folder, 'a', 'b', 'c.txt'), 'first');
    await writeFileWhole(join(folder, 'a', 'b', 'c.txt'), 'second');
    expect(await readFile(join(folder, 'a', 'b', 'c.txt'), 'utf8')).toBe('second');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c.txt']);
  });

  it('leaves what was there, and nothing half-written, when it cannot be done', async () => {
    const folder = await emptyFolder();
    await writeFileWhole(join(folder, 'folder', 'kept'), 'x');
    await expect(writeFileWhole(join(folder, 'folder'), 'y')).rejects.toMatchObject({ name: 'AppError' });
    expect(await readdir(folder)).toEqual(['folder']);
    await expect(writeFileWhole(join(folder, 'folder', 'kept', 'below'), 'y')).rejects.toMatchObject({
      name: 'AppError',
    });
    expect(await readFile(join(folder, 'folder', 'kept'), 'utf8')).toBe('x');
  });

  it('names a full disk and says what to do', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left, write /home/NAME'), { code: 'ENOSPC' });
    expect(writeError(full)).toMatchObject({ code: 'disk-full' });
    expect(writeError(full).message).not.toContain('NAME');
    // Linux has a device that is always full.
    const device = await stat('/dev/full').catch(() => null);
    if (device !== null) {
      const cause: unknown = await writeFile('/dev/full', 'x').catch((error: unknown) => error);
      expect(writeError(cause)).toMatchObject({ code: 'disk-full' });
    }
  });

  it('takes long names with any letters', async () => {
    const folder = await emptyFolder();
    const name = `${'ä😀 '.repeat(30)}.txt`;
    await writeFileWhole(join(folder, name), 'x');
    expect(await readdir(folder)).toEqual([name]);
  });
});

describe('packing', () => {
  it('gives the same bytes each time, without name, comment, time or system', async () => {
    const bytes = new TextEncoder().encode('voxels '.repeat(1000));
    const packed = await pack(bytes);
    expect(Buffer.compare(packed, await pack(bytes))).toBe(0);
    // RFC 1952: magic, deflate, no flags, time 0, and the system byte "unknown".
    expect([...packed.subarray(0, 8), packed[9]]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 255]);
    expect(new Uint8Array(gunzipSync(packed))).toEqual(bytes);
  });
});

describe('images on disk', () => {
  it.each(['v.nii', 'v.nii.gz'])('come back from %s as they went', async (name) => {
    const path = join(await emptyFolder(), name);
    const volume = volumeOf(
      [4, 5, 6],
      (x, y, z) => x - y * z,
      affine(0, 0, -2, 9, 1, 0, 0, 3, 0, -1.5, 0, 4),
    );
    await writeImage(path, volume);
    expect(await readVolume(path)).toEqual(volume);
  });

  it('give their header without their voxels, even where those are missing or damaged', async () => {
    const folder = await emptyFolder();
    const whole = niftiBytes({ dims: [3, 50, 60, 70] });
    await writeFile(join(folder, 'cut.nii'), whole);
    expect((await probeNifti(join(folder, 'cut.nii'))).grid.shape).toEqual([50, 60, 70]);
    const noise = Uint8Array.from({ length: 400000 }, (_, n) => (n * n * 31) >> 3);
    const packed = await pack(Buffer.concat([whole, noise]));
    await writeFile(join(folder, 'cut.nii.gz'), packed.subarray(0, packed.length >> 1));
    expect((await probeNifti(join(folder, 'cut.nii.gz'))).grid.shape).toEqual([50, 60, 70]);
    await writeFile(join(folder, 'short.nii.gz'), packed.subarray(0, 40));
    await expect(probeNifti(join(folder, 'short.nii.gz'))).rejects.toMatchObject({ name: 'AppError' });
  });

  it('are taken as masks on the grid of a scan only', async () => {
    const path = join(await emptyFolder(), 'm.nii.gz');
    const mask = maskOf([4, 4, 4], (x) => x > 1);
    await writeImage(path, mask);
    expect(await readMask(path, mask)).toEqual(mask);
    await expect(readMask(path, { ...mask, affine: straight(2) })).rejects.toMatchObject({
      code: 'mask-wrong-grid',
    });
  });
});
