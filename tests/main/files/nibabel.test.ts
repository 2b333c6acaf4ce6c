import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNifti } from '../../../src-main/files/readVolume.ts';
import { writeImage } from '../../../src-main/files/writeNiftiFile.ts';
import { describeIf } from '../../fixtures/shared.ts';
import { affine, maskOf, volumeOf } from '../../shared/volume/makers.ts';
import { emptyFolder } from './folder.ts';

interface Facts {
  readonly name: string;
  readonly shape: number[];
  readonly affine: number[];
  readonly qform: number[] | null;
  readonly dtype: string;
  readonly values: number[];
}

const referee = join(import.meta.dirname, '..', '..', 'fixtures', 'nibabelReferee.py');
// The tools' own Python has nibabel, because quickshear needs it.
const tools = process.env.DEFACEQA_TOOLS_BIN;
const python = [tools === undefined ? undefined : join(tools, 'python'), 'python3'].find(
  (file) => file !== undefined && spawnSync(file, ['-c', 'import nibabel']).status === 0,
);
const ask = (...args: string[]): Facts[] =>
  JSON.parse(
    execFileSync(python ?? '', [referee, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }),
  ) as Facts[];

describeIf(python !== undefined, 'Python with nibabel is not installed', 'beside nibabel', () => {
  it('reads what nibabel writes as nibabel reads it, in every type, byte order, scaling, version and form', async () => {
    const folder = await emptyFolder();
    const files = ask('make', folder);
    expect(files.length).toBe(80);
    const sources = new Set<string>();
    for (const file of files) {
      const image = await readNifti(join(folder, file.name));
      sources.add(image.header.orientationSource);
      expect(image.header.dtype, file.name).toBe(file.dtype);
      expect(image.grid.shape, file.name).toEqual(file.shape);
      image.grid.affine.forEach((v, n) => expect(v, file.name).toBeCloseTo(file.affine[n], 5));
      expect([...image.volume().values], file.name).toEqual(file.values);
    }
    expect([...sources].sort()).toEqual(['qform', 'sform', 'spacing']);
  });

  it('writes what nibabel reads as it was meant', async () => {
    const folder = await emptyFolder();
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const on = affine(-2, 0, 0, 9, 0, 1.5 * c, -s, 3, 0, 1.5 * s, c, -4);
    const volume = volumeOf([4, 5, 6], (x, y, z) => x / 3 - y * z, on);
    const mask = maskOf([4, 5, 6], (x, y) => x > y, on);
    await writeImage(join(folder, 'v.nii.gz'), volume);
    await writeImage(join(folder, 'm.nii'), mask);
    const [v, m] = ask('read', join(folder, 'v.nii.gz'), join(folder, 'm.nii'));
    expect([v.dtype, m.dtype]).toEqual(['float32', 'uint8']);
    expect(v.values).toEqual([...volume.values]);
    expect(m.values).toEqual([...mask.bits]);
    for (const found of [v.affine, v.qform, m.affine]) {
      on.forEach((entry, n) => expect(found?.[n]).toBeCloseTo(entry, 5));
    }
  });
});
