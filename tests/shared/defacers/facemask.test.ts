import { beforeAll, describe, expect, it } from 'vitest';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { readMask, readVolume } from '../../../src-main/files/readVolume.ts';
import { facemask } from '../../../src-shared/defacers/facemask.ts';
import {
  registerToTemplate,
  type Registration,
} from '../../../src-shared/registration/registerToTemplate.ts';
import { regionLabels, type Region, type Template } from '../../../src-shared/registration/template.ts';
import { identityMatrix, worldTransformOf } from '../../../src-shared/volume/affine.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { voxelMl } from '../../../src-shared/volume/volume.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

let template: Template;
beforeAll(async () => {
  template = await readTemplate();
});

const asIs: Registration = {
  templateToScan: worldTransformOf(identityMatrix),
  quality: { headOverlap: 1, brainInformation: 2, sharpness: 1, brainInField: 1, scales: [1, 1, 1] },
  verdict: 'good',
  reason: '',
};

/** Share of a region's voxels that are removed from the template itself. */
function removedShare(bits: Uint8Array, region: Region): number {
  let [all, gone] = [0, 0];
  for (let n = 0; n < bits.length; n++) {
    if (template.labels.labels[n] !== regionLabels[region]) continue;
    all++;
    gone += bits[n];
  }
  return gone / all;
}

describe('facemask on the template itself', () => {
  const run = (options = {}) =>
    facemask({ scan: template.head, brain: null, template, registration: asIs, options });

  it('takes nearly all of every part of the face and leaves forehead and ears', () => {
    const { removal, brainFrom } = run();
    expect(brainFrom).toBe('template');
    for (const region of ['mouth', 'chinJaw', 'leftCheek', 'rightCheek', 'leftEye', 'rightEye'] as const) {
      expect(removedShare(removal.bits, region)).toBeGreaterThan(0.95);
    }
    expect(removedShare(removal.bits, 'nose')).toBeGreaterThan(0.9);
    expect(removedShare(removal.bits, 'leftEar')).toBe(0);
    expect(removedShare(removal.bits, 'forehead')).toBeLessThan(0.1);
  });

  it('takes the ears where asked to', () => {
    expect(removedShare(run({ ears: true }).removal.bits, 'leftEar')).toBeGreaterThan(0.95);
  });

  it('takes more with a larger margin', () => {
    expect(run({ marginMm: 6 }).removedVoxels).toBeGreaterThan(1.05 * run({ marginMm: 2 }).removedVoxels);
  });

  it('removes nothing within the margin of a brain mask, even one that lies in the face', () => {
    const bits = new Uint8Array(template.head.values.length);
    const [nx, ny] = template.shape;
    const at = 52 + nx * (100 + ny * 40);
    bits[at] = 1;
    const brain = { shape: template.shape, affine: template.affine, bits };
    const { removal } = facemask({
      scan: template.head,
      brain,
      template,
      registration: asIs,
      options: { brainMarginMm: 5 },
    });
    expect([removal.bits[at], removal.bits[at + 2], removal.bits[at + 3]]).toEqual([0, 0, 1]);
  });

  it('leaves nothing floating in front of what it takes: from the face forward all is removed', () => {
    const { bits } = run().removal;
    const [nx, ny, nz] = template.shape;
    for (let k = 0; k < nz; k++) {
      for (let i = 0; i < nx; i++) {
        const faceHere = template.labels.labels[i + nx * (ny - 1 + ny * k)];
        if (faceHere < regionLabels.leftEye || faceHere > regionLabels.rightCheek) continue;
        expect(bits[i + nx * (ny - 1 + ny * k)]).toBe(1);
      }
    }
  });

  it('refuses a registration that failed', () => {
    const registration = { ...asIs, verdict: 'poor' as const };
    expect(() => facemask({ scan: template.head, brain: null, template, registration })).toThrow(
      expect.objectContaining({ code: 'registration-poor' }),
    );
  });
});

const heads = [
  'colin27_t1', 't1_fullhead_1p6mm', 't1_mprage_capsules', 't1_2dsag_hfs', 't1_2dsag_hfdr_cutfov',
  't2_oblique_cutfov', 'flair_3d_1mm', 't1_patient_upperface',
]; // prettier-ignore

describeWithShared('facemask on real heads', () => {
  it.each(heads)(
    '%s: takes the skin PyDeface takes below the brow, and no brain, with a mask or without',
    async (name) => {
      const scan = await readVolume(sharedPath('data', 'heads', `${name}.nii.gz`));
      const brain = await readMask(sharedPath('data', 'deepbet', `${name}_deepbet.nii.gz`), scan);
      const peer = await readMask(sharedPath('data', 'peers', `${name}_pydeface-removed.nii.gz`), scan);
      const registration = registerToTemplate(scan, template);
      const ours = facemask({ scan, brain, template, registration }).removal.bits;
      const without = facemask({ scan, brain: null, template, registration }).removal.bits;
      const head = findHead(scan).mask.bits;
      let [lost, lostWithout, peers, both] = [0, 0, 0, 0];
      for (let n = 0; n < ours.length; n++) {
        if (brain.bits[n] === 1) {
          lost += ours[n];
          lostWithout += without[n];
        } else if (peer.bits[n] === 1 && head[n] === 1) {
          peers++;
          both += ours[n];
        }
      }
      expect(lost).toBe(0);
      expect(lostWithout * voxelMl(scan)).toBeLessThan(0.1);
      expect(both / peers).toBeGreaterThan(0.7);
    },
  );
});
