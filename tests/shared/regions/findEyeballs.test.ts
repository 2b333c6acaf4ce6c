import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { readVolume } from '../../../src-main/files/readVolume.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { registerToTemplate } from '../../../src-shared/registration/registerToTemplate.ts';
import { findEyeballs } from '../../../src-shared/regions/findEyeballs.ts';
import { applyMatrix, invert } from '../../../src-shared/volume/affine.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

const template = await readTemplate();

describe('the eyeballs of drawn heads', () => {
  it.each([
    ['T1w', 4],
    ['FLAIR', 9],
    ['T2w', 12],
  ] as const)('are found within 2 mm on %s', (contrast, seed) => {
    const { volume, landmarks } = phantomHead({ seed, contrast, spacingMm: 1.5 });
    const { templateToScan } = registerToTemplate(volume, template);
    const found = findEyeballs(volume, templateToScan);
    const toTemplate = invert(templateToScan);
    for (const [side, name] of [
      ['left', 'leftEye'],
      ['right', 'rightEye'],
    ] as const) {
      const truth = applyMatrix(toTemplate, landmarks[name][0], landmarks[name][1], landmarks[name][2]);
      const place = found?.[side] ?? [NaN, NaN, NaN];
      expect(Math.hypot(...truth.map((value, axis) => value - place[axis]))).toBeLessThan(2);
    }
  });

  it('are not found where they were taken out', () => {
    const { volume, labels } = phantomHead({ seed: 4, spacingMm: 2 });
    const { templateToScan } = registerToTemplate(volume, template);
    // Everything in front of the middle of the head is filled evenly.
    const [nx, ny] = volume.shape;
    const values = volume.values.map((value, n) =>
      Math.floor(n / nx) % ny > 0.6 * ny && labels.labels[n] !== 0 ? 500 : value,
    );
    expect(findEyeballs({ ...volume, values }, templateToScan)).toBeNull();
  });
});

describeWithShared('the eyeballs of real heads', () => {
  const head = async (name: string): Promise<Volume> =>
    readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));

  it.each(['colin27_t1', 'flair_3d_1mm', 't2_oblique_cutfov', 't1_patient_upperface'])(
    'of %s lie side by side where eyes are',
    async (name) => {
      const scan = await head(name);
      const { templateToScan } = registerToTemplate(scan, template);
      const { left, right } = findEyeballs(scan, templateToScan) ?? { left: [0, 0, 0], right: [0, 0, 0] };
      expect(right[0] - left[0]).toBeGreaterThan(62);
      expect(right[0] - left[0]).toBeLessThan(78);
      expect(Math.abs(left[2] - right[2])).toBeLessThan(3);
      expect(left[2]).toBeGreaterThan(-46);
      expect(left[2]).toBeLessThan(-32);
    },
  );

  it.each(['t1_defaced_studyforrest', 'flair_skullstripped', 'not_a_head_melon'])(
    'are not found on %s',
    async (name) => {
      const scan = await head(name);
      expect(findEyeballs(scan, registerToTemplate(scan, template).templateToScan)).toBeNull();
    },
  );
});
