import { tsv, type Cell } from '../report/tsv.ts';

/** Columns that may leave, what they mean, and the values they may hold. Everything else stays in the building. */
const columns: readonly {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: Readonly<Record<string, unknown>>;
  readonly read: (value: string) => Cell;
}[] = [
  {
    name: 'age',
    aliases: ['age', 'age_years', 'age_at_scan', 'patient_age'],
    description: { Description: 'Age in years at the scan; 89 and more as 89+', Units: 'year' },
    read: sharedAge,
  },
  {
    name: 'sex',
    aliases: ['sex', 'gender'],
    description: { Description: 'Sex', Levels: { F: 'female', M: 'male', O: 'other' } },
    read: (value) =>
      /^(f|female|w|woman)$/i.test(value)
        ? 'F'
        : /^(m|male|man)$/i.test(value)
          ? 'M'
          : /^(o|other|d)$/i.test(value)
            ? 'O'
            : null,
  },
  {
    name: 'handedness',
    aliases: ['handedness', 'hand'],
    description: { Description: 'Handedness', Levels: { L: 'left', R: 'right', A: 'both' } },
    read: (value) => {
      const first = value.charAt(0).toUpperCase();
      return /^(l|left|r|right|a|ambidextrous|both)$/i.test(value) ? (first === 'B' ? 'A' : first) : null;
    },
  },
];

/**
 * An age that may be shared: whole years, 89 and more as `89+` (45 CFR 164.514(b)(2)(i)(C)); null for what is no age
 * between 0 and 130. DICOM's `034Y` counts, `006M` is 0.
 */
export function sharedAge(value: string): string | null {
  if (/^(89\+|>\s*89|90\+)$/.test(value.trim())) return '89+';
  const match = /^0*(\d{1,3})(?:\.\d+)?\s*([YMWD]?)$/i.exec(value.trim());
  if (match === null) return null;
  const perYear: Readonly<Partial<Record<string, number>>> = { M: 12, W: 52, D: 365 };
  const years = Math.floor(Number(match[1]) / (perYear[match[2].toUpperCase()] ?? 1));
  if (years > 130) return null;
  return years >= 89 ? '89+' : String(years);
}

const known = (facts: Readonly<Record<string, string | null>>, aliases: readonly string[]): string | null => {
  const key = Object.keys(facts).find((name) => aliases.includes(name.trim().toLowerCase()));
  return key === undefined ? null : facts[key];
};

export interface SharedPerson {
  /** Label under which the person leaves, without `sub-`. */
  readonly label: string;
  readonly facts: Readonly<Record<string, string | null>>;
}

/** `participants.tsv` and its dictionary; columns nobody has a value for are left out. */
export function participantsTable(people: readonly SharedPerson[]): {
  readonly tsv: string;
  readonly json: Record<string, unknown>;
  /** Columns of the study's own table that stay. */
  readonly heldBack: readonly string[];
} {
  const value = (person: SharedPerson, column: (typeof columns)[number]): Cell => {
    const text = known(person.facts, column.aliases);
    return text === null ? null : column.read(text.trim());
  };
  const used = columns.filter((column) => people.some((person) => value(person, column) !== null));
  const own = new Set(people.flatMap(({ facts }) => Object.keys(facts)));
  const shared = new Set(['participant_id', ...used.flatMap(({ aliases }) => aliases)]);
  return {
    tsv: tsv(
      ['participant_id', ...used.map(({ name }) => name)],
      people.map((person) => [`sub-${person.label}`, ...used.map((column) => value(person, column))]),
    ),
    json: {
      Description: 'People whose scans are in this data set',
      participant_id: { Description: 'Label of the person in this data set' },
      ...Object.fromEntries(used.map(({ name, description }) => [name, description])),
    },
    heldBack: [...own].filter((name) => !shared.has(name.trim().toLowerCase())).sort(),
  };
}

/** Names of columns that describe groups of people rather than a person: not searched for identities. */
export const describesGroups = (name: string): boolean =>
  [...columns.flatMap(({ aliases }) => aliases), 'participant_id', 'group', 'diagnosis', 'species', 'strain', 'site'].includes(name.trim().toLowerCase()); // prettier-ignore
