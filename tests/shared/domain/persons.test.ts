import { describe, expect, it } from 'vitest';
import { covariatesOf, personFacts, scrubColumns } from '../../../src-shared/domain/persons.ts';

describe('what a table tells of a person', () => {
  it.each([
    [{ age: '34', sex: 'F' }, { ageYears: 34, ageCapped: false, sex: 'F', site: null }],
    [{ Age: '7,5', Gender: 'male', site_id: 'NYU' }, { ageYears: 7.5, ageCapped: false, sex: 'M', site: 'NYU' }],
    [{ age_at_scan: '89+', sex: 'O', centre: '2' }, { ageYears: 89, ageCapped: true, sex: 'O', site: '2' }],
    [{ age: 'old', sex: null }, { ageYears: null, ageCapped: false, sex: null, site: null }],
    [{ agent: '3', unisex: 'x', website: 'y' }, { ageYears: null, ageCapped: false, sex: null, site: null }],
  ])('%j', (columns, facts) => expect(personFacts(columns)).toEqual(facts)); // prettier-ignore

  it('is kept without names, days, free text and high ages', () => {
    const row = {
      participant_id: 'sub-01',
      age: '93',
      sex: 'F',
      first_name: 'Jane',
      birthdate: '1931-01-01',
      site_name: 'North',
      comments: 'fell asleep',
      diagnosis: 'x'.repeat(65),
      group: 'control',
    };
    expect(scrubColumns(row)).toEqual({ age: '89+', sex: 'F', site_name: 'North', group: 'control' });
  });
});

it('age and site of the session win over those of the person; scanner comes from the sidecar', () => {
  const scan = {
    id: 's',
    person: '01',
    session: 'b',
    modality: 'T1w' as const,
    sidecar: { Manufacturer: 'Siemens', ManufacturersModelName: 'Prisma', MagneticFieldStrength: 3 },
  };
  expect(covariatesOf(scan, { age: '34', sex: 'F', site: 'A' }, { age: '36' })).toEqual({
    scanId: 's',
    person: '01',
    session: 'b',
    modality: 'T1w',
    ageYears: 36,
    ageCapped: false,
    sex: 'F',
    site: 'A',
    manufacturer: 'Siemens',
    model: 'Prisma',
    fieldStrengthT: 3,
  });
});
