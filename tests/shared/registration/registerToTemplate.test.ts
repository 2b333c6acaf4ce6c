import { beforeAll, describe, expect, it } from 'vitest';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { transformOf } from '../../../src-shared/registration/affineParameters.ts';
import { registerToTemplate } from '../../../src-shared/registration/registerToTemplate.ts';
import type { Template } from '../../../src-shared/registration/template.ts';
import {
  affineOf,
  applyMatrix,
  invert,
  multiply,
  worldTransformOf,
  type Matrix,
  type WorldTransform,
} from '../../../src-shared/volume/affine.ts';
import { resample } from '../../../src-shared/volume/resample.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

const places: readonly (readonly [number, number, number])[] = [[0, 60, 0], [0, -90, 0], [60, -20, 0], [-60, -20, 0], [0, -20, 70], [0, -40, -50]]; // prettier-ignore

/** Largest distance in mm between where two maps put places on the border of the brain. */
function apartMm(a: Matrix, b: Matrix): number {
  return Math.max(
    ...places.map((place) => {
      const [p, q] = [applyMatrix(a, ...place), applyMatrix(b, ...place)];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    }),
  );
}

const degrees = Math.PI / 180;
function mapOf(
  shifts: readonly number[],
  turns: readonly number[],
  scales: readonly number[],
): WorldTransform {
  const p = new Float64Array(12);
  p.set([...shifts, ...turns.map((turn) => turn * degrees), ...scales.map(Math.log)]);
  return transformOf(p, { from: [0, -20, 0], to: [0, -20, 0] });
}

let template: Template;
beforeAll(async () => {
  template = await readTemplate();
});

/** The template's own head put somewhere else, its lower part cut off, on another grid. */
function movedTemplate(map: WorldTransform, contrast: (level: number) => number): Volume {
  const onto = {
    shape: [78, 90, 70],
    affine: affineOf([3, 0, 0, -115, 0, 3, 0, -145, 0, 0, 3, -90]),
  } as const;
  const moved = resample(template.head, { onto, targetToSource: worldTransformOf(invert(map)) });
  return { ...moved, values: moved.values.map((level) => contrast(level)) };
}

describe('registerToTemplate', () => {
  it.each([
    ['shifted, turned and smaller', mapOf([12, -9, 14], [10, -8, 12], [0.92, 0.95, 0.88])],
    ['nodding by 25 degrees', mapOf([0, 5, -6], [25, 0, 0], [1, 1, 1])],
    ['turned to the side by 30 degrees', mapOf([-15, 0, 5], [0, 0, 30], [1.04, 0.97, 0.95])],
  ])('finds the template head again, %s, within 2.5 mm', (_, map) => {
    const { templateToScan, verdict } = registerToTemplate(
      movedTemplate(map, (level) => level),
      template,
    );
    expect(apartMm(templateToScan, map)).toBeLessThan(2.5);
    expect(verdict).toBe('good');
  });

  it('finds it within 3.5 mm where bright is dark and dark is bright, as on other contrasts', () => {
    const map = mapOf([8, -6, 10], [8, 5, -10], [0.95, 0.95, 0.95]);
    const inverted = movedTemplate(map, (level) => (level < 0.06 ? level : 0.25 + 0.9 * (1 - level)));
    const { templateToScan } = registerToTemplate(inverted, template);
    expect(apartMm(templateToScan, map)).toBeLessThan(3.5);
  });

  it('gives the same map twice, to the last bit', () => {
    const scan = movedTemplate(mapOf([3, 2, 1], [4, 5, 6], [1, 1, 1]), (level) => level);
    expect(registerToTemplate(scan, template)).toEqual(registerToTemplate(scan, template));
  });

  it('refuses an image without any signal', () => {
    const scan = movedTemplate(mapOf([0, 0, 0], [0, 0, 0], [1, 1, 1]), () => 7);
    expect(() => registerToTemplate(scan, template)).toThrow(
      expect.objectContaining({ code: 'registration-no-signal' }),
    );
  });

  it('calls a ball of tissue poor', () => {
    const scan = movedTemplate(mapOf([0, 0, 0], [0, 0, 0], [1, 1, 1]), (level) => level);
    const [nx, ny] = scan.shape;
    const ball = scan.values.map((_, n) => {
      const i = n % nx;
      const j = Math.floor(n / nx) % ny;
      const k = Math.floor(n / (nx * ny));
      return Math.hypot(i - 39, j - 45, k - 35) < 28 ? 100 + 10 * Math.sin(i) : 0;
    });
    expect(registerToTemplate({ ...scan, values: ball }, template).verdict).toBe('poor');
  });
});

const heads = [
  'colin27_t1', 't1_fullhead_1p6mm', 't1_mprage_capsules', 't1_2dsag_hfs', 't1_2dsag_hfdr_cutfov',
  't2_oblique_cutfov', 'flair_3d_1mm', 't1_patient_upperface', 't1_defaced_studyforrest',
]; // prettier-ignore

describeWithShared('registerToTemplate on real heads', () => {
  it.each(heads)('%s: the carried brain overlaps the referee by Dice .94 or more', async (name) => {
    const scan = await readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
    const truth = await readMask(sharedPath('data', 'deepbet', `${name}_deepbet.nii.gz`), scan);
    const { templateToScan, verdict } = registerToTemplate(scan, template);
    expect(verdict).toBe('good');
    const carried = resample(template.brain, {
      onto: scan,
      targetToSource: worldTransformOf(invert(templateToScan)),
    });
    let [both, either] = [0, 0];
    for (let n = 0; n < truth.bits.length; n++) {
      const inside = carried.values[n] >= 0.5 ? 1 : 0;
      both += inside & truth.bits[n];
      either += inside + truth.bits[n];
    }
    expect((2 * both) / either).toBeGreaterThan(0.94);
  });

  it.each([[30, 0, 0], [-30, 0, 0], [0, 30, 0], [0, 0, -30]])(
    'finds the same place on the patient turned by %i, %i and %i degrees, within 1.5 mm',
    async (x, y, z) => {
      const scan = await readVolume(sharedPath('data', 'heads', 't1_patient_upperface.nii.gz'));
      const turn = mapOf([40, -30, 60], [x, y, z], [1, 1, 1]);
      const turned = { ...scan, affine: affineOf(multiply(turn, scan.affine)) };
      const expected = multiply(turn, registerToTemplate(scan, template).templateToScan);
      expect(apartMm(registerToTemplate(turned, template).templateToScan, expected)).toBeLessThan(1.5);
    },
  ); // prettier-ignore

  it.each(['not_a_head_melon', 'flair_skullstripped'])(
    'calls %s poor, which has no skin or no brain',
    async (name) => {
      const scan = await readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
      expect(registerToTemplate(scan, template).verdict).toBe('poor');
    },
  );

  it.each([
    ['colin27_t1', 'stands upside down', 180, 0],
    ['flair_3d_1mm', 'faces backwards', 0, 180],
    ['t1_patient_upperface', 'faces backwards', 0, 180],
  ])('calls %s poor where it %s', async (name, _, x, z) => {
    const scan = await readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
    const over = mapOf([0, 0, 0], [x, 0, z], [1, 1, 1]);
    const turned = { ...scan, affine: affineOf(multiply(over, scan.affine)) };
    expect(registerToTemplate(turned, template).verdict).toBe('poor');
  });
});
