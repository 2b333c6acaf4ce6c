import type { Person, ScanCovariates } from '../domain/persons.ts';
import { call } from './call.ts';
import { strictObject } from './checks.ts';

/** Who was scanned, and what an analysis by age, sex, site or scanner needs of each scan. */
export const personsCalls = {
  'persons.list': call(strictObject({}), { who: 'reader' }).returns<readonly Person[]>(),
  /** One row for every scan that is taken up. */
  'scans.covariates': call(strictObject({}), { who: 'reader' }).returns<readonly ScanCovariates[]>(),
};
