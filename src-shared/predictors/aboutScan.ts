import type { FeatureValue } from '../features/feature.ts';
import { modalities, type Modality } from '../domain/modality.ts';
import { cappedAge, type ScanCovariates } from '../domain/persons.ts';
import type { ScanImage } from '../domain/scan.ts';
import type { Predictor, PredictorValues } from './predictor.ts';

/** Makers by the words in `Manufacturer`; every other name is `other`. */
const makers = [
  ['siemens', 'Siemens', /siemens/i],
  ['ge', 'GE', /^ge\b|general electric/i],
  ['philips', 'Philips', /philips/i],
  ['other', 'another maker', /./],
] as const;

const flag = (id: string, title: string, description: string, block?: string): Predictor => ({
  ...{ id, version: 1, title, unit: '0 or 1', range: [0, 1], better: 'neither', description },
  ...{ help: 'about_scan', group: 'about-scan', ...(block !== undefined && { block }) },
});
const number = (
  id: string,
  title: string,
  unit: string,
  range: readonly [number, number],
  description: string,
): Predictor => ({
  ...{ id, version: 1, title, unit, range, better: 'neither', description },
  ...{ help: 'about_scan', group: 'about-scan' },
});
const unknownFlag = (id: string, what: string): Predictor =>
  flag(id, `${what} unknown`, `1 where ${what.toLowerCase()} is not known, else 0.`);

const contrastName = (contrast: Modality): string => (contrast === 'unknown' ? 'not known' : contrast);

/**
 * Who was scanned, on what scanner, how. What is not known has no value, which is filled inside the folds by the median of
 * the training rows, and a flag beside it says that it was not known. Source: resources/help/features/about_scan.md.
 */
export const aboutScanPredictors: readonly Predictor[] = [
  number('age_years', 'Age', 'years', [0, cappedAge], `Age at the scan; ${String(cappedAge)} stands for all ages from there on.`),
  unknownFlag('age_unknown', 'Age'),
  flag('sex_female', 'Sex: female', '1 female, 0 male or other; no value where it is not known.'),
  unknownFlag('sex_unknown', 'Sex'),
  ...makers.map(([id, title]) => flag(`scanner_${id}`, `Scanner: ${title}`, `1 where the scanner is by ${title}; 0 for every other and where it is not known.`, 'scanner')),
  unknownFlag('scanner_unknown', 'Scanner'),
  number('scanner_field_t', 'Field strength', 'T', [0, 20], 'Strength of the main magnetic field.'),
  unknownFlag('scanner_field_unknown', 'Field strength'),
  flag('sequence_3d', 'Sequence: 3D', '1 for a 3D acquisition, 0 for slices; no value where the sidecar does not say.'),
  number('sequence_echo_ms', 'Echo time', 'ms', [0, 1000], 'Echo time.'),
  number('sequence_repetition_ms', 'Repetition time', 'ms', [0, 60000], 'Repetition time.'),
  unknownFlag('sequence_unknown', 'Sequence'),
  number('sequence_voxel_mm', 'Voxel size', 'mm', [0, Infinity], 'Cube root of the volume of a voxel.'),
  number('sequence_anisotropy', 'Voxel, longest to shortest side', 'ratio', [1, Infinity], 'Longest side of a voxel divided by its shortest; 1 is a cube.'),
  ...modalities.map((contrast) => flag(`contrast_${contrast}`, `Contrast: ${contrastName(contrast)}`, `1 where the contrast is ${contrastName(contrast)}, else 0.`, 'contrast')),
]; // prettier-ignore

export interface AboutScanInput {
  readonly covariates: Omit<ScanCovariates, 'scanId' | 'person' | 'session'>;
  readonly image: Pick<ScanImage, 'spacingMm'> | null;
  readonly sidecar: Readonly<Record<string, unknown>> | null;
}

/** The values of one scan, from its sidecar, its geometry and the tables of persons and sessions. */
export function aboutScan({ covariates, image, sidecar }: AboutScanInput): PredictorValues {
  const { ageYears, sex, manufacturer, fieldStrengthT, modality } = covariates;
  const told = (value: number | null, what: string): FeatureValue =>
    value === null ? { value, reason: `${what} is not known.` } : { value };
  const bit = (yes: boolean): FeatureValue => ({ value: yes ? 1 : 0 });
  const positive = (key: string): number | null => {
    const value = sidecar?.[key];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
  };
  // BIDS gives times in seconds; what is beyond any sequence was in milliseconds.
  const ms = (key: string, mostSeconds: number): number | null => {
    const value = positive(key);
    return value === null ? null : value > mostSeconds ? value : 1000 * value;
  };
  const echo = ms('EchoTime', 1);
  const repetition = ms('RepetitionTime', 30);
  const acquired = sidecar?.MRAcquisitionType;
  const dimensions = acquired === '3D' ? 1 : acquired === '2D' ? 0 : null;
  const maker =
    manufacturer === null
      ? null
      : (makers.find(([, , words]) => words.test(manufacturer.trim()))?.[0] ?? null);
  const sides = image === null ? null : [...image.spacingMm].sort((a, b) => a - b);
  return {
    age_years: told(ageYears === null ? null : Math.min(ageYears, cappedAge), 'The age'),
    age_unknown: bit(ageYears === null),
    sex_female: told(sex === null ? null : sex === 'F' ? 1 : 0, 'The sex'),
    sex_unknown: bit(sex === null),
    ...Object.fromEntries(makers.map(([id]) => [`scanner_${id}`, bit(maker === id)])),
    scanner_unknown: bit(maker === null),
    scanner_field_t: told(fieldStrengthT, 'The field strength'),
    scanner_field_unknown: bit(fieldStrengthT === null),
    sequence_3d: told(dimensions, 'The kind of acquisition'),
    sequence_echo_ms: told(echo, 'The echo time'),
    sequence_repetition_ms: told(repetition, 'The repetition time'),
    sequence_unknown: bit(dimensions === null && echo === null && repetition === null),
    sequence_voxel_mm: told(
      sides === null ? null : Math.cbrt(sides[0] * sides[1] * sides[2]),
      'The voxel size',
    ),
    sequence_anisotropy: told(sides === null || sides[0] <= 0 ? null : sides[2] / sides[0], 'The voxel size'),
    ...Object.fromEntries(modalities.map((contrast) => [`contrast_${contrast}`, bit(modality === contrast)])),
  };
}
