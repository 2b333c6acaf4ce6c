import type { Scan } from './study.ts';

/** Columns of a table of people or sessions, by name; `n/a` is null. */
export type TableFacts = Readonly<Record<string, string | null>>;

export interface PersonFacts {
  /** Whole or decimal years; 89 stands for 89 and more, then `ageCapped` is true. */
  readonly ageYears: number | null;
  readonly ageCapped: boolean;
  readonly sex: 'F' | 'M' | 'O' | null;
  /** Where the person was scanned, as the lab's own table names it. */
  readonly site: string | null;
}

/** A person of the study, with what tables and headers tell; never a name. */
export interface Person extends PersonFacts {
  readonly id: string;
  /** BIDS label without `sub-`, or the keyed hash of a DICOM person. */
  readonly label: string;
  /** Every further column of `participants.tsv` that was kept. */
  readonly columns: TableFacts;
  readonly sessions: readonly { readonly label: string; readonly columns: TableFacts }[];
  readonly scans: number;
}

export interface ScannerFacts {
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly fieldStrengthT: number | null;
}

/** What an analysis by age, sex, site or scanner needs of one scan. The session's own age and site win over the person's. */
export interface ScanCovariates extends PersonFacts, ScannerFacts {
  readonly scanId: string;
  readonly person: string;
  readonly session: string | null;
  readonly modality: Scan['modality'];
}

/** From this age on a year would tell too much (HIPAA, 45 CFR 164.514(b)(2)): it is given as `89+`. */
export const cappedAge = 89;

const named = (columns: TableFacts, pattern: RegExp): string | null => {
  const key = Object.keys(columns).find((name) => pattern.test(name) && columns[name] !== null);
  return key === undefined ? null : columns[key];
};

/** Age, sex and site out of the columns of a BIDS table, whatever their usual spellings. */
export function personFacts(columns: TableFacts): PersonFacts {
  const ageText = named(columns, /^age(_?(years|at_?scan|at_?session))?$/i) ?? '';
  const age = /^(\d{1,3}(?:[.,]\d+)?)(\+?)$/.exec(ageText.trim());
  const years = age === null ? null : Number(age[1].replace(',', '.'));
  const sex =
    named(columns, /^(sex|gender)$/i)
      ?.trim()
      .toLowerCase() ?? '';
  return {
    ageYears: years === null ? null : Math.min(years, cappedAge),
    ageCapped: years !== null && (years >= cappedAge || age?.[2] === '+'),
    sex: /^(f|female|w|woman)$/.test(sex)
      ? 'F'
      : /^(m|male|man)$/.test(sex)
        ? 'M'
        : /^(o|other)$/.test(sex)
          ? 'O'
          : null,
    site: named(columns, /^(site|cent(er|re))(_?(id|name))?$/i),
  };
}

/** Columns that name a person, a day or a place to write to; free text is dropped by its length. */
const telling =
  /name|birth|\bdob\b|date|time|address|phone|mail|zip|postal|insurance|record|mrn|ssn|comment|note/i;

/**
 * What may stay of a row of `participants.tsv` or `sessions.tsv`: short values, no names or days; ages of 89 and more
 * as `89+`. `site_name` and the like stay: a site is needed for analysis.
 */
export function scrubColumns(columns: TableFacts): Record<string, string | null> {
  const kept = Object.entries(columns).filter(
    ([name, value]) =>
      name !== 'participant_id' &&
      name !== 'session_id' &&
      (!telling.test(name) || /^(site|cent(er|re))_?name$/i.test(name)) &&
      (value ?? '').length <= 64,
  );
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const years = /^age/i.test(name) && value !== null ? Number(value) : NaN;
      return [name, years >= cappedAge && years < 130 ? `${cappedAge}+` : value];
    }),
  );
}

/** The covariates of a scan from its sidecar and the rows of its person and session. */
export function covariatesOf(
  scan: Pick<Scan, 'id' | 'person' | 'session' | 'modality' | 'sidecar'>,
  person: TableFacts,
  session: TableFacts,
): ScanCovariates {
  const [ofPerson, ofSession] = [personFacts(person), personFacts(session)];
  const aged = ofSession.ageYears === null ? ofPerson : ofSession;
  const text = (key: string): string | null => {
    const value = scan.sidecar?.[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const tesla = scan.sidecar?.MagneticFieldStrength;
  return {
    scanId: scan.id,
    person: scan.person,
    session: scan.session,
    modality: scan.modality,
    ageYears: aged.ageYears,
    ageCapped: aged.ageCapped,
    sex: ofSession.sex ?? ofPerson.sex,
    site: ofSession.site ?? ofPerson.site,
    manufacturer: text('Manufacturer'),
    model: text('ManufacturersModelName'),
    fieldStrengthT: typeof tesla === 'number' ? tesla : null,
  };
}
