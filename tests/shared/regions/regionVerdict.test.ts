import { describe, expect, it } from 'vitest';
import { faceFeaturesOf, regionFeatures } from '../../../src-shared/features/regionFeatures.ts';
import type { FaceFeatures } from '../../../src-shared/regions/faceFeatures.ts';
import { stateOf } from '../../../src-shared/regions/faceRegion.ts';
import { regionVerdict } from '../../../src-shared/regions/regionVerdict.ts';

const gone: FaceFeatures = {
  leftEye: 0, rightEye: 0, lids: 0, nose: 0, lips: 0, lowerFace: 0.2, changed: 0,
}; // prettier-ignore

describe('the state of a region', () => {
  it('is gone under 1 %, a trace up to 10 %, present above', () => {
    expect([0, 0.0099, 0.01, 0.1, 0.1001, 1].map((share) => stateOf(share))).toEqual([
      'gone', 'gone', 'trace', 'trace', 'present', 'present',
    ]); // prettier-ignore
  });
});

describe('the verdict that follows from what is left', () => {
  it.each<[string, Partial<FaceFeatures>, 1 | 2 | 3 | null]>([
    ['nothing left', {}, 1],
    ['a trace of the nose', { nose: 0.06 }, 2],
    ['the nose', { nose: 0.4 }, 3],
    ['traces that together are more than one', { nose: 0.06, lips: 0.06 }, 3],
    ['one whole eye', { leftEye: 1 }, 3],
    ['one eye by half, the other gone', { rightEye: 0.5 }, 3],
    ['the corners of both eyes', { leftEye: 0.08, rightEye: 0.08 }, 2],
    ['upper lids above a cut through the eyes', { lids: 0.4 }, 2],
    ['cheeks and jaw', { lowerFace: 0.7 }, 2],
    ['lips outside the image, the rest gone', { lips: null }, 1],
    ['an eye outside the image, the other left', { leftEye: null, rightEye: 0.9 }, 3],
    ['a replaced face', { changed: 0.5 }, null],
    ['a replaced face with an eye left', { changed: 0.3, leftEye: 1 }, 3],
    ['nothing in the image', { leftEye: null, rightEye: null, nose: null, lips: null }, null],
  ])('with %s', (_, left, verdict) => {
    expect(regionVerdict({ ...gone, ...left }).verdict).toBe(verdict);
  });

  it('says what is left in words', () => {
    expect(regionVerdict({ ...gone, leftEye: 1, rightEye: 0.56 })).toEqual({
      verdict: 3,
      reason: 'eyes still there by 78 %.',
      remains: ['eyes'],
    });
  });

  it('can be had again from stored features', () => {
    const face = { regions: {} as never, features: { ...gone, lips: null, nose: 0.25 }, reason: null };
    const stored = Object.fromEntries(
      regionFeatures
        .filter(({ id }) => id.startsWith('face_'))
        .map(({ id, compute }) => [id, compute({ face } as never).value]),
    );
    expect(stored.face_nose_pct).toBe(25);
    expect(faceFeaturesOf(stored)).toEqual(face.features);
    expect(faceFeaturesOf({})).toBeNull();
  });
});
