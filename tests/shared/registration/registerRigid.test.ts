import { expect, it } from 'vitest';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { readVolume } from '../../../src-main/files/readVolume.ts';
import { transformOf } from '../../../src-shared/registration/affineParameters.ts';
import { registerRigid } from '../../../src-shared/registration/registerRigid.ts';
import { registerToTemplate } from '../../../src-shared/registration/registerToTemplate.ts';
import { affineOf, applyMatrix, multiply, type Matrix } from '../../../src-shared/volume/affine.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

const places: readonly (readonly [number, number, number])[] = [
  [0, 60, 0],
  [0, -90, 0],
  [60, -20, 0],
  [-60, -20, 0],
  [0, -20, 70],
];
const apartMm = (a: Matrix, b: Matrix): number =>
  Math.max(
    ...places.map((place) => {
      const [p, q] = [applyMatrix(a, ...place), applyMatrix(b, ...place)];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    }),
  );
const head = (name: string) => readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));

it('finds a head again that was shifted and turned and whose contrast was reversed, within 1 mm', async () => {
  const { head: fixed } = await readTemplate();
  const p = new Float64Array(12);
  p.set([15, -10, 20, 0.15, -0.1, 0.2]);
  const map = transformOf(p, { from: [0, 0, 0], to: [0, 0, 0] });
  const moving = {
    ...fixed,
    affine: affineOf(multiply(map, fixed.affine)),
    values: fixed.values.map((level) => (level < 0.06 ? 0 : 1.1 - level)),
  };
  const { movingToFixed, verdict } = registerRigid(moving, fixed);
  expect(apartMm(multiply(movingToFixed, map), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])).toBeLessThan(1);
  expect(verdict).toBe('good');
});

describeWithShared('registerRigid on real heads', () => {
  it('brings one man lying on his back and on his side together as both go to the template, within 2 mm', async () => {
    const template = await readTemplate();
    const [back, side] = [await head('t1_2dsag_hfs'), await head('t1_2dsag_hfdr_cutfov')];
    const { movingToFixed, verdict } = registerRigid(back, side);
    expect(verdict).toBe('good');
    const viaBack = multiply(movingToFixed, registerToTemplate(back, template).templateToScan);
    expect(apartMm(viaBack, registerToTemplate(side, template).templateToScan)).toBeLessThan(2);
  });

  it('finds no place for a melon on a head', async () => {
    expect(registerRigid(await head('not_a_head_melon'), await head('t1_2dsag_hfs')).verdict).toBe('poor');
  });
});
