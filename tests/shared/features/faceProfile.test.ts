import { describe, expect, it } from 'vitest';
import { faceProfile } from '../../../src-shared/features/faceProfile.ts';

const valued = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([feature, value]) => ({ feature, version: 1, value, reason: null }));

describe('what a row says of the face', () => {
  it('names the region of which most is left, but no ear, and the place that lost most brain', () => {
    const profile = faceProfile(
      valued({
        region_nose_pct: 40,
        region_left_ear_pct: 100,
        region_forehead_pct: 95,
        region_mouth_pct: 0,
        face_nose_pct: 40,
        face_changed_pct: 0,
        brain_loss_ml: 3,
        brain_loss_frontal_ml: 0.4,
        brain_loss_temporal_ml: 2.6,
      }),
    );
    expect(profile.worst).toEqual({ region: 'nose', share: 0.4 });
    expect(profile.surviving['left-ear']).toBe(1);
    expect(profile.surviving['left-eye']).toBeNull();
    expect(profile.byRule?.verdict).toBe(3);
    expect(profile).toMatchObject({ brainLossMl: 3, brainPlace: 'temporal' });
  });

  it('gives no place to a rounding, and no verdict where the face was not measured', () => {
    expect(faceProfile(valued({ brain_loss_ml: 0.02, brain_loss_other_ml: 0.02 }))).toMatchObject({
      worst: null,
      byRule: null,
      brainLossMl: 0.02,
      brainPlace: null,
    });
    expect(faceProfile([]).brainLossMl).toBeNull();
  });
});
