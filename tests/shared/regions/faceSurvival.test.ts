import { beforeAll, describe, expect, it } from 'vitest';
import { readTemplate } from '../../../src-main/files/readTemplate.ts';
import { phantomLabels } from '../../../src-shared/phantom/labels.ts';
import { phantomHead, type PhantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import {
  registerToTemplate,
  type Registration,
} from '../../../src-shared/registration/registerToTemplate.ts';
import type { Template } from '../../../src-shared/registration/template.ts';
import { faceFeatures } from '../../../src-shared/regions/faceFeatures.ts';
import { faceRegions, type FaceRegion } from '../../../src-shared/regions/faceRegion.ts';
import { faceSurface, notInImage, type FaceSurface } from '../../../src-shared/regions/faceSurface.ts';
import { anotherImage, faceSurvival } from '../../../src-shared/regions/faceSurvival.ts';
import { nearestSkin, regionPlaces } from '../../../src-shared/regions/regionsOfMesh.ts';
import { findHead, type Head } from '../../../src-shared/views/findHead.ts';
import { smooth } from '../../../src-shared/volume/gaussian.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';

let template: Template;
let head: PhantomHead;
let level: Head;
let registration: Registration;
let surface: FaceSurface;

beforeAll(async () => {
  template = await readTemplate();
  head = phantomHead({ seed: 21, spacingMm: 2 });
  level = findHead(head.volume);
  registration = registerToTemplate(head.volume, template);
  surface = faceSurface({ scan: head.volume, level, registration, template });
});

/** The phantom with each voxel that `how` names changed. */
const changed = (how: (value: number, voxel: number) => number): Volume => ({
  ...head.volume,
  values: head.volume.values.map(how),
});
const survival = (defaced: Volume) => faceSurvival({ surface, original: head.volume, defaced, level });
const left = (defaced: Volume, region: FaceRegion): number =>
  survival(defaced).regions[region].surviving ?? NaN;
/** Everything within 12 mm of a voxel with one of these labels. */
function around(labels: readonly number[]): Uint8Array {
  const values = Float32Array.from(head.labels.labels, (label) => (labels.includes(label) ? 1 : 0));
  return Uint8Array.from(smooth({ ...head.volume, values }, { sigmaMm: 5 }).values, (share) =>
    share > 0.03 ? 1 : 0,
  );
}

describe('the face on another surface of the same head', () => {
  it('is where its own skin is, and nowhere far from it', () => {
    const { points } = surface;
    const own = nearestSkin(points.positions.slice(0, 300), surface);
    expect([...own]).toEqual(Array.from({ length: 100 }, (_, n) => n));
    const away = points.positions.slice(0, 300).map((mm, n) => (n % 3 === 2 ? mm + 400 : mm));
    expect(new Set(nearestSkin(away, surface))).toEqual(new Set([-1]));
  });

  it('has the nose in front of the forehead, the left eye on the left, and both look forward', () => {
    const places = regionPlaces(surface);
    const of = (region: FaceRegion) =>
      places[region] ?? { centre: [NaN, NaN, NaN], outward: [NaN, NaN, NaN] };
    expect(of('nose').centre[1]).toBeGreaterThan(of('forehead').centre[1]);
    expect(of('left-eye').centre[0]).toBeLessThan(of('right-eye').centre[0] - 30);
    for (const region of ['left-eye', 'right-eye', 'nose', 'mouth'] as const)
      expect(of(region).outward[1], region).toBeGreaterThan(0.6);
    expect(of('left-ear').outward[0]).toBeLessThan(-0.5);
  });
});

describe('what a defacing left of the face', () => {
  it('finds all ten regions on a whole head', () => {
    for (const region of faceRegions) expect(surface.found[region].areaMm2, region).toBeGreaterThan(300);
  });

  it('calls everything left where nothing was done', () => {
    const { regions } = survival(head.volume);
    for (const region of faceRegions)
      expect(regions[region], region).toMatchObject({ surviving: 1, changed: 0, depthMm: 0 });
    expect(faceFeatures(surface, survival(head.volume).fates)).toMatchObject({
      leftEye: 1,
      nose: 1,
      lips: 1,
    });
  });

  it('sees the nose gone and the rest left when the nose was removed, and how deep the cut is', () => {
    const nose = around([phantomLabels.nose]);
    const defaced = changed((value, n) => (nose[n] === 1 ? 0 : value));
    const { regions } = survival(defaced);
    expect(regions.nose.surviving).toBeLessThan(0.02);
    expect(regions.nose).toHaveProperty('depthMm');
    if (regions.nose.surviving !== null) expect(regions.nose.depthMm).toBeGreaterThan(4);
    for (const region of ['forehead', 'left-ear', 'right-ear'] as const)
      expect(left(defaced, region)).toBeGreaterThan(0.99);
    expect(left(defaced, 'chin-jaw')).toBeGreaterThan(0.95);
  });

  it('keeps the sides apart', () => {
    const eye = around([phantomLabels.leftEye]);
    const defaced = changed((value, n) => (eye[n] === 1 ? 0 : value));
    expect(left(defaced, 'left-eye')).toBeLessThan(0.02);
    expect(left(defaced, 'right-eye')).toBeGreaterThan(0.9);
    const features = faceFeatures(surface, survival(defaced).fates);
    expect(features.leftEye).toBe(0);
    expect(features.rightEye).toBe(1);
  });

  it('says "not in the image" of what the field of view cuts off, and never that it is gone', () => {
    const cropped = phantomHead({ seed: 21, spacingMm: 2, crop: { bottom: 95 } });
    const found = faceSurface({
      scan: cropped.volume,
      level: findHead(cropped.volume),
      registration: registerToTemplate(cropped.volume, template),
      template,
    });
    const skin = findHead(cropped.volume);
    const empty: Volume = { ...cropped.volume, values: cropped.volume.values.map(() => 0) };
    const { regions } = faceSurvival({
      surface: found,
      original: cropped.volume,
      defaced: empty,
      level: skin,
    });
    expect(regions['chin-jaw']).toEqual({ surviving: null, reason: notInImage });
    expect(regions['left-eye'].surviving).toBe(0);
  });

  it('gives no value and the reason where the registration is poor', () => {
    const poor = {
      ...registration,
      verdict: 'poor' as const,
      reason: 'The head found has a size no head has.',
    };
    const none = faceSurface({ scan: head.volume, level, registration: poor, template });
    const { regions, reason } = faceSurvival({
      surface: none,
      original: head.volume,
      defaced: head.volume,
      level,
    });
    expect(reason).toContain('a size no head has');
    for (const region of faceRegions) expect(regions[region].surviving).toBeNull();
  });

  it('recognises a blurred or replaced face as changed although skin is present', () => {
    const face = around([2, 3, 4, 5]);
    const soft = smooth(head.volume, { sigmaMm: 4 }).values;
    const { regions, fates } = survival(changed((value, n) => (face[n] === 1 ? soft[n] : value)));
    expect(regions.nose.surviving).toBeLessThan(0.1);
    if (regions.nose.surviving !== null) expect(regions.nose.changed).toBeGreaterThan(0.4);
    expect(faceFeatures(surface, fates).changed).toBeGreaterThan(0.1);
  });

  it('allows for what the whole image went through: rescaling, blur', () => {
    expect(
      left(
        changed((value) => 1.7 * value + 12),
        'nose',
      ),
    ).toBeGreaterThan(0.98);
    const blurred: Volume = {
      ...head.volume,
      values: Float32Array.from(smooth(head.volume, { sigmaMm: 1.5 }).values),
    };
    expect(left(blurred, 'nose')).toBeGreaterThan(0.6);
  });

  it('measures nothing on another person', () => {
    const other = phantomHead({ seed: 22, spacingMm: 2, rotationDeg: [9, 4, 0] });
    const values = head.volume.values.map(
      (_, n) => other.volume.values[(n + 5000) % other.volume.values.length],
    );
    const { regions, reason } = survival({ ...head.volume, values });
    expect(reason).toBe(anotherImage);
    expect(regions.nose.surviving).toBeNull();
  });
});
