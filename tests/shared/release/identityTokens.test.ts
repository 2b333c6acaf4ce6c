import { describe, expect, it } from 'vitest';
import {
  identitiesIn,
  identifyingShapes,
  identityTokens,
} from '../../../src-shared/release/identityTokens.ts';

const tokens = identityTokens([
  { kind: 'PatientName', text: 'Müller^Hans', names: true },
  { kind: 'PatientName', text: 'KIM^Su', names: true },
  { kind: 'PatientID', text: '0041873', names: true },
  { kind: 'descrip', text: 'TE=2.9;Time=101010', names: false },
]);

describe('what is known of a person', () => {
  it.each([
    'sub-mueller_T1w.nii.gz',
    'sub-MULLERHANS_T1w',
    'scan of Hans, first visit',
    'acq-hansmüller',
    'sub-Kim_T1w',
    'id 0041873b',
    'te29time101010',
  ])('is found in %s', (text) => {
    expect(identitiesIn(text, tokens).length).toBeGreaterThan(0);
  });

  it.each(['sub-01_T1w.nii.gz', 'Siemens', 'Kimura and sons', 'TE 2.9', 'time of the scan', 'sub-41_T1w'])(
    'is not seen where it is not: %s',
    (text) => {
      expect(identitiesIn(text, tokens)).toEqual([]);
    },
  );

  it('is named by its kind, never by itself', () => {
    expect(identitiesIn('sub-hans', tokens)).toEqual(['PatientName']);
  });
});

describe('shapes that identify whoever they belong to', () => {
  it.each([
    ['ses-20190412', 'date'],
    ['born 12.4.1961', 'date'],
    ['hans@example.org', 'e-mail address'],
    ['Doe^Jane', 'DICOM name'],
    ['1.2.840.113619.2.55.3', 'unique identifier'],
    ['MRN 84756321', 'long number'],
  ])('%s holds a %s', (text, kind) => {
    expect(identifyingShapes(text)).toContain(kind);
  });

  it.each(['sub-01_ses-2_T1w', '0.0023', 'Prisma_fit', '3.14159265358979', 'v1.0.20260724'])(
    '%s holds none',
    (text) => {
      expect(identifyingShapes(text).filter((kind) => kind !== 'date')).toEqual([]);
    },
  );
});
