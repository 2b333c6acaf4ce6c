import { expect, it } from 'vitest';
import { guessContrast } from '../../../src-shared/domain/guessContrast.ts';

const silent = {
  names: [],
  repetitionTimeMs: null,
  echoTimeMs: null,
  inversionTimeMs: null,
  scanningSequence: [],
};

it.each([
  ['t1_mprage_sag', 'T1w'],
  ['Accelerated SAG IR-SPGR', 'T1w'],
  ['sub-01_T2w', 'T2w'],
  ['t2_tirm_tra_dark-fluid', 'FLAIR'],
  ['T2 FLAIR 3D', 'FLAIR'],
  ['ax PD TSE', 'PDw'],
  ['t2*_gre', 'unknown'],
  ['localizer', 'unknown'],
] as const)('reads %s as %s', (name, modality) => {
  expect(guessContrast({ ...silent, names: [name] })).toBe(modality);
});

it.each([
  ['spin echo, short times', { scanningSequence: ['SE'], repetitionTimeMs: 500, echoTimeMs: 12 }, 'T1w'],
  ['spin echo, long times', { scanningSequence: ['SE'], repetitionTimeMs: 4000, echoTimeMs: 100 }, 'T2w'],
  [
    'long inversion',
    { scanningSequence: ['SE', 'IR'], repetitionTimeMs: 9000, echoTimeMs: 120, inversionTimeMs: 2500 },
    'FLAIR',
  ],
  [
    'prepared gradient echo',
    { scanningSequence: ['GR', 'IR'], repetitionTimeMs: 2300, echoTimeMs: 3, inversionTimeMs: 900 },
    'T1w',
  ],
  ['echo planar', { scanningSequence: ['EP'], repetitionTimeMs: 2000, echoTimeMs: 30 }, 'unknown'],
  ['no times', {}, 'unknown'],
] as const)('reads %s from its times', (_, facts, modality) => {
  expect(guessContrast({ ...silent, ...facts })).toBe(modality);
});
