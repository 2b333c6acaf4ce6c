import { describe, expect, it } from 'vitest';
import { duplicateOf } from '../../../src-shared/domain/duplicates.ts';
import { modalityOfSidecar, modalityOfText } from '../../../src-shared/domain/modality.ts';
import { parseParticipants } from '../../../src-shared/domain/participants.ts';
import { identify } from '../../../src-shared/domain/scanIdentity.ts';

describe('who and what a file is', () => {
  it('is read from a BIDS name, all entities kept', () => {
    expect(identify('sub-01/ses-2/anat/sub-01_ses-2_acq-mprage_run-02_T1w.nii.gz')).toEqual({
      person: '01',
      session: '2',
      modality: 'T1w',
      modalityFrom: 'name',
      entities: { acq: 'mprage', run: '02' },
      bids: true,
    });
  });

  it('is read from BIDS folders where the name says nothing', () => {
    const found = identify('sub-07/ses-a/scan_flair.nii');
    expect(found).toMatchObject({ person: '07', session: 'a', modality: 'FLAIR', bids: false });
  });

  it('is the whole name elsewhere, so that two files are never one person by a guess', () => {
    expect(identify('Müller 3 😀_t1.nii.gz').person).toBe('Müller 3 😀_t1');
    expect(identify('a/scan.nii.gz').person).not.toBe(identify('b/scan.nii.gz').person);
  });

  it('is the same in composed and decomposed letters', () => {
    expect(identify('Mu\u0308ller.nii').person).toBe(identify('M\u00fcller.nii').person);
  });

  it.each([
    ['t1_mprage_sag', 'T1w'],
    ['3D_T2_FLAIR', 'FLAIR'],
    ['t2_tse_tra', 'T2w'],
    ['Sag CUBE', 'T2w'],
    ['ep2d_bold', 'unknown'],
    ['BRAVO', 'T1w'],
    ['pd_tse', 'PDw'],
    ['t2star', 'unknown'],
    ['T10_patient', 'unknown'],
  ])('hears in %s a %s', (text, modality) => {
    expect(modalityOfText(text)).toBe(modality);
  });

  it('asks the sidecar where the name is silent: its words first, then its times', () => {
    expect(identify('scan1.nii', { SeriesDescription: 't2_space_dark-fluid_sag' })).toMatchObject({
      modality: 'FLAIR',
      modalityFrom: 'sidecar',
    });
    expect(modalityOfSidecar({ RepetitionTime: 9, EchoTime: 0.12, InversionTime: 2.5 })).toBe('FLAIR');
    expect(
      modalityOfSidecar({
        RepetitionTime: 2.3,
        EchoTime: 0.003,
        InversionTime: 0.9,
        ScanningSequence: 'GR\\IR',
      }),
    ).toBe('T1w');
    expect(modalityOfSidecar({ RepetitionTime: 5, EchoTime: 0.1, ScanningSequence: ['SE'] })).toBe('T2w');
    expect(modalityOfSidecar({ RepetitionTime: 3, EchoTime: 0.015, ScanningSequence: 'SE' })).toBe('PDw');
    expect(modalityOfSidecar({ RepetitionTime: 2, EchoTime: 0.03, ScanningSequence: 'EP' })).toBe('unknown');
    expect(identify('scan1.nii', { SeriesDescription: 7 }).modalityFrom).toBe('none');
  });
});

describe('a table of people', () => {
  it('is read by label, n/a as no value', () => {
    const people = parseParticipants(
      '\uFEFFparticipant_id\tage\tsex\r\nsub-01\t34\tF\r\nsub-02\tn/a\tM\r\n\r\nsub-01\t99\tM\r\n',
    );
    expect(people?.get('01')).toEqual({ participant_id: 'sub-01', age: '34', sex: 'F' });
    expect(people?.get('02')?.age).toBeNull();
    expect(people?.size).toBe(2);
  });

  it('is refused without its key', () => {
    expect(parseParticipants('name\tage\nA\t3')).toBeNull();
    expect(parseParticipants('')).toBeNull();
  });
});

describe('a duplicate', () => {
  const taken = { fileHash: 'f1', contentHash: 'c1' };
  it('is known by its file, by its voxels, and not by hashes that are missing', () => {
    expect(duplicateOf({ fileHash: 'f1', contentHash: null }, [taken])).toMatchObject({
      of: taken,
      by: 'file',
    });
    expect(duplicateOf({ fileHash: 'f2', contentHash: 'c1' }, [taken])).toMatchObject({ by: 'voxels' });
    expect(duplicateOf({ fileHash: 'f2', contentHash: 'c2' }, [taken])).toBeNull();
    expect(
      duplicateOf({ fileHash: null, contentHash: null }, [{ fileHash: null, contentHash: null }]),
    ).toBeNull();
  });
});
