import { describe, expect, it } from 'vitest';
import { aboutScan } from '../../../src-shared/predictors/aboutScan.ts';
import { imageQuality } from '../../../src-shared/predictors/imageQuality.ts';
import { shellTexture, type ShellScale } from '../../../src-shared/predictors/shellTexture.ts';
import { seededRandom } from '../../../src-shared/stats/random.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import type { Mask, Volume } from '../../../src-shared/volume/volume.ts';

const side = 64;
const affine = affineOf([3, 0, 0, -96, 0, 3, 0, -96, 0, 0, 3, -96]);
const shape = [side, side, side] as const;
const radius = (n: number): number =>
  3 * Math.hypot((n % side) - 31.5, (Math.floor(n / side) % side) - 31.5, Math.floor(n / side ** 2) - 31.5);

/** A ball of 80 mm with white matter 110, grey matter 80, fluid 30 and a scalp of 60, in noise of known spread. */
function ballHead(sd: number): { scan: Volume; brain: Mask } {
  const random = seededRandom(7, 'noise');
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const tissue = (r: number): number => (r < 35 ? 110 : r < 52 ? 80 : r < 65 ? 30 : r < 80 ? 60 : 0);
  const values = Float32Array.from({ length: side ** 3 }, (_, n) => {
    const clean = tissue(radius(n));
    return clean === 0 ? Math.hypot(sd * normal(), sd * normal()) : clean + sd * normal();
  });
  const bits = Uint8Array.from(values, (_, n) => (radius(n) < 65 ? 1 : 0));
  return { scan: { shape, affine, values }, brain: { shape, affine, bits } };
}

const valueOf = (values: ReturnType<typeof imageQuality>, id: string): number => values[id].value ?? NaN;

describe('image quality', () => {
  const { scan, brain } = ballHead(4);
  const found = imageQuality({ scan, brain, contrast: 'T1w' });

  it('finds the signal to noise and contrast that the head was made with', () => {
    expect(valueOf(found, 'iq_snr_wm')).toBeGreaterThan(0.9 * (110 / 4));
    expect(valueOf(found, 'iq_snr_wm')).toBeLessThan(1.1 * (110 / 4));
    // Air is Rayleigh: its spread is .655 of the noise.
    const wanted = 30 / Math.sqrt(4 ** 2 + 4 ** 2 + (0.655 * 4) ** 2);
    expect(Math.abs(valueOf(found, 'iq_cnr') / wanted - 1)).toBeLessThan(0.12);
  });

  it('tells noise: signal to noise falls, joint variation and entropy rise', () => {
    const noisy = imageQuality({ ...ballHead(9), contrast: 'T1w' });
    for (const id of ['iq_snr_wm', 'iq_snr_gm', 'iq_cnr', 'iq_fber'])
      expect(valueOf(noisy, id), id).toBeLessThan(valueOf(found, id));
    for (const id of ['iq_cjv', 'iq_efc']) expect(valueOf(noisy, id), id).toBeGreaterThan(valueOf(found, id));
  });

  it('judges the air of a defaced image by what was not emptied', () => {
    const cut = scan.values.slice();
    for (let n = 0; n < cut.length; n++) if (Math.floor(n / side) % side > 52) cut[n] = 0;
    const defaced = imageQuality({ scan: { ...scan, values: cut }, brain, contrast: 'T1w' });
    for (const id of ['iq_snr_wm', 'iq_snr_gm', 'iq_cjv'])
      expect(valueOf(defaced, id) / valueOf(found, id), id).toBeCloseTo(1, 2);
    // With the emptied part counted as air, energy there would fall by a third and contrast to noise with its spread.
    expect(Math.abs(valueOf(defaced, 'iq_cnr') / valueOf(found, 'iq_cnr') - 1)).toBeLessThan(0.02);
    expect(Math.abs(valueOf(defaced, 'iq_fber') / valueOf(found, 'iq_fber') - 1)).toBeLessThan(0.05);
  });

  it('says why where the background was emptied', () => {
    const masked = scan.values.map((value, n) => (radius(n) < 80 ? value : 0));
    const { iq_cnr, iq_fber, iq_snr_wm } = imageQuality({
      scan: { ...scan, values: masked },
      brain,
      contrast: 'T1w',
    });
    expect(iq_cnr).toEqual({ value: null, reason: expect.stringContaining('emptied') as string });
    expect(iq_fber.value).toBeNull();
    expect(iq_snr_wm.value).not.toBeNull();
  });

  it('knows the order of tissues by the contrast, and says where it does not', () => {
    const turned = scan.values.map((value, n) => (radius(n) < 65 ? 140 - value : value));
    const t2 = imageQuality({ scan: { ...scan, values: turned }, brain, contrast: 'T2w' });
    expect(Math.abs(valueOf(t2, 'iq_snr_wm') / (30 / 4) - 1)).toBeLessThan(0.1);
    const none = imageQuality({ scan, brain, contrast: 'PDw' });
    expect(none.iq_cjv.reason).toContain('PDw');
  });
});

describe('texture of the face shell', () => {
  const { scan } = ballHead(4);
  const bits = Uint8Array.from(scan.values, (_, n) => (radius(n) > 60 && radius(n) < 80 ? 1 : 0));
  const scale: ShellScale = {
    shell: { grid: { shape, affine }, bits, voxels: bits.reduce((a, b) => a + b, 0) },
    low: 0,
    high: 80,
  };

  it('of an emptied face is even: no variance, no entropy, full homogeneity', () => {
    const found = shellTexture({ ...scan, values: new Float32Array(side ** 3) }, scale);
    const value = (id: string): number | null => found[`texture_${id}`].value;
    expect([value('mean'), value('variance'), value('entropy'), value('glcm_contrast')]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([value('uniformity'), value('glcm_homogeneity'), value('glcm_energy')]).toEqual([1, 1, 1]);
  });

  it('tells a blurred face from its original', () => {
    const blurred = scan.values.map((_, n) => (radius(n) < 80 ? 60 : 0));
    const before = shellTexture(scan, scale);
    const after = shellTexture({ ...scan, values: blurred }, scale);
    const fell = (id: string): number => (before[id].value ?? NaN) - (after[id].value ?? NaN);
    expect(fell('texture_glcm_entropy')).toBeGreaterThan(1);
    expect(fell('texture_entropy')).toBeGreaterThan(1);
  });

  it('gives the reason for each number where no face was found', () => {
    const found = shellTexture(scan, 'The head could not be found well enough.');
    for (const { value, reason } of Object.values(found))
      expect({ value, reason }).toEqual({ value: null, reason: 'The head could not be found well enough.' });
  });
});

describe('what is known of a scan', () => {
  const nobody = {
    ...({ modality: 'T1w', ageYears: null, ageCapped: false, sex: null, site: null } as const),
    ...{ manufacturer: null, model: null, fieldStrengthT: null },
  };

  it('is coded with flags for what is not known, and without a guess', () => {
    const found = aboutScan({ covariates: nobody, image: null, sidecar: null });
    expect(found.age_years.value).toBeNull();
    expect(found.sex_female.value).toBeNull();
    for (const id of ['age_unknown', 'sex_unknown', 'scanner_unknown', 'sequence_unknown', 'contrast_T1w'])
      expect(found[id].value, id).toBe(1);
    expect(found.scanner_other.value).toBe(0);
  });

  it.each([
    ['SIEMENS', 'siemens'],
    ['Siemens Healthineers', 'siemens'],
    ['GE MEDICAL SYSTEMS', 'ge'],
    ['Philips Medical Systems', 'philips'],
    ['TOSHIBA', 'other'],
  ])('names the maker %s as %s', (manufacturer, id) => {
    const found = aboutScan({ covariates: { ...nobody, manufacturer }, image: null, sidecar: null });
    const set = ['siemens', 'ge', 'philips', 'other'].filter(
      (maker) => found[`scanner_${maker}`].value === 1,
    );
    expect(set).toEqual([id]);
    expect(found.scanner_unknown.value).toBe(0);
  });

  it('reads times in seconds or milliseconds, and the shape of a voxel', () => {
    const found = aboutScan({
      covariates: nobody,
      image: { spacingMm: [1, 4, 2] },
      sidecar: { EchoTime: 0.0021, RepetitionTime: 2300, MRAcquisitionType: '3D' },
    });
    expect(found.sequence_echo_ms.value).toBeCloseTo(2.1, 9);
    expect(found.sequence_repetition_ms.value).toBe(2300);
    expect(found.sequence_voxel_mm.value).toBeCloseTo(2, 12);
    expect(found.sequence_anisotropy.value).toBe(4);
    expect(found.sequence_3d.value).toBe(1);
  });
});
