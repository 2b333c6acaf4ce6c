import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { featureHelp } from '../../src-shared/features/featureHelp.ts';
import { featureDictionary } from '../../src-shared/features/measure.ts';
import { aboutScan } from '../../src-shared/predictors/aboutScan.ts';
import { imageQuality } from '../../src-shared/predictors/imageQuality.ts';
import type { PredictorValues } from '../../src-shared/predictors/predictor.ts';
import { allFeatures, predictors, predictorsOf } from '../../src-shared/predictors/predictors.ts';
import { shellTexture, type ShellScale } from '../../src-shared/predictors/shellTexture.ts';
import { affineOf } from '../../src-shared/volume/affine.ts';
import type { Volume } from '../../src-shared/volume/volume.ts';

const side = 24;
const grid = {
  shape: [side, side, side] as const,
  affine: affineOf([8, 0, 0, -92, 0, 8, 0, -92, 0, 0, 8, -92]),
};
const place = (n: number): number =>
  Math.hypot((n % side) - 11.5, (Math.floor(n / side) % side) - 11.5, Math.floor(n / side ** 2) - 11.5);
const ball = (radius: number): Uint8Array =>
  Uint8Array.from({ length: side ** 3 }, (_, n) => (place(n) < radius ? 1 : 0));
const head: Volume = {
  ...grid,
  values: Float32Array.from(ball(9), (bit, n) => bit * (place(n) < 5 ? 100 : 60) + (n % 7)),
};
const empty: Volume = { ...grid, values: new Float32Array(side ** 3) };
const shell = { grid, bits: ball(9), voxels: 3000 };
const scale: ShellScale = { shell, low: 0, high: 106 };
const nobody = {
  ...({ modality: 'unknown', ageYears: null, ageCapped: false, sex: null, site: null } as const),
  ...{ manufacturer: null, model: null, fieldStrengthT: null },
};

const found: Readonly<Record<string, readonly PredictorValues[]>> = {
  'image-quality': [
    imageQuality({ scan: head, brain: { ...grid, bits: ball(7) }, contrast: 'T1w' }),
    imageQuality({ scan: head, brain: null, contrast: 'unknown' }),
    imageQuality({ scan: empty, brain: null, contrast: 'T1w' }),
  ],
  texture: [shellTexture(head, scale), shellTexture(empty, scale), shellTexture(head, 'No face was found.')],
  'about-scan': [
    aboutScan({ covariates: nobody, image: null, sidecar: null }),
    aboutScan({
      covariates: { ...nobody, modality: 'FLAIR', ageYears: 89, ageCapped: true, sex: 'F', manufacturer: 'GE MEDICAL SYSTEMS', fieldStrengthT: 3 },
      image: { spacingMm: [1, 1, 3] },
      sidecar: { MRAcquisitionType: '2D', EchoTime: 0.09, RepetitionTime: 9 },
    }),
  ],
}; // prettier-ignore

describe.each(predictors.map((predictor) => [predictor.id, predictor] as const))(
  'the predictor %s',
  (id, predictor) => {
    it('has a help page that names it', () => {
      const page = join(import.meta.dirname, `../../resources/help/features/${featureHelp(id)}.md`);
      expect(existsSync(page)).toBe(true);
      expect(readFileSync(page, 'utf8')).toContain(`\`${id}\``);
    });

    it('keeps its range or gives a reason', () => {
      for (const values of found[predictor.group]) {
        const { value, reason } = values[id];
        if (value === null) expect(reason.length).toBeGreaterThan(10);
        else {
          expect(value).toBeGreaterThanOrEqual(predictor.range[0]);
          expect(value).toBeLessThanOrEqual(predictor.range[1] + 1e-9);
        }
      }
    });

    it('stands in the data dictionary', () => {
      expect(featureDictionary(predictors)[id]).toMatchObject({ LongName: predictor.title });
    });
  },
);

describe('all predictors', () => {
  it('have ids that no other feature has', () => {
    expect(new Set(allFeatures.map(({ id }) => id)).size).toBe(allFeatures.length);
  });

  it.each(['image-quality', 'texture', 'about-scan'] as const)(
    'of the group %s are all answered',
    (group) => {
      for (const values of found[group])
        expect(Object.keys(values).sort()).toEqual(
          predictorsOf(group)
            .map(({ id }) => id)
            .sort(),
        );
    },
  );
});
