import type { LabelRow, VerdictRow } from '../api/labelCalls.ts';
import type { Cell } from './tsv.ts';

export interface RatingTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What each column means, as BIDS has it beside a table. */
  readonly dictionary: Readonly<Record<string, ColumnMeaning>>;
}

interface ColumnMeaning {
  readonly Description: string;
  readonly Levels?: Readonly<Record<string, string>>;
  readonly Units?: string;
}

const yesNo = { '0': 'no', '1': 'yes' };
const verdictLevels = { '1': 'passes strict', '2': 'passes lenient only', '3': 'insufficient' };
const labelLevels = { '0': 'adequate', '1': 'insufficient (the positive class)' };
const bit = (value: boolean): number => (value ? 1 : 0);

interface Column<Row> {
  readonly name: string;
  readonly meaning: ColumnMeaning;
  readonly of: (row: Row) => Cell;
}

const longColumns: readonly Column<VerdictRow>[] = [
  { name: 'verdict_id', meaning: { Description: 'Name of this entry of the log' }, of: (row) => row.id },
  { name: 'scan', meaning: { Description: 'Name of the scan in the study' }, of: (row) => row.scan },
  {
    name: 'person',
    meaning: { Description: 'Whose head it is; everything statistical is grouped by this' },
    of: (row) => row.person,
  },
  { name: 'method', meaning: { Description: 'The tool that made the defacing' }, of: (row) => row.tool },
  { name: 'rater', meaning: { Description: 'Name of the account that rated' }, of: (row) => row.rater },
  {
    name: 'part',
    meaning: {
      Description: 'Part of the rater in the round',
      Levels: { primary: 'sees everything', third: 'sees only disagreements' },
    },
    of: (row) => row.part,
  },
  {
    name: 'repeat',
    meaning: {
      Description: 'A hidden second look, for agreement of a rater with himself only',
      Levels: yesNo,
    },
    of: (row) => bit(row.repeat),
  },
  {
    name: 'position',
    meaning: { Description: 'Place of the pair in the order drawn for this rater, from 1' },
    of: (row) => row.position,
  },
  {
    name: 'verdict',
    meaning: {
      Description: 'Verdict of one look; empty for an exclusion or a withdrawal',
      Levels: verdictLevels,
    },
    of: (row) => row.verdict,
  },
  {
    name: 'exclusion',
    meaning: {
      Description: 'Why the original leaves the analysis with all its defacings; empty where it stays',
    },
    of: (row) => row.exclusion,
  },
  {
    name: 'remains',
    meaning: { Description: 'What of the face remains, separated by spaces' },
    of: (row) => row.remains.join(' '),
  },
  {
    name: 'brain_cut',
    meaning: { Description: 'Whether brain tissue was removed', Levels: yesNo },
    of: (row) => bit(row.brainCut),
  },
  { name: 'note', meaning: { Description: 'Note of the rater' }, of: (row) => row.note },
  {
    name: 'confidence',
    meaning: {
      Description: 'How sure the rater was; empty where not said',
      Levels: { '1': 'unsure', '2': 'fairly sure', '3': 'certain' },
    },
    of: (row) => row.confidence,
  },
  {
    name: 'viewing_seconds',
    meaning: { Description: 'How long the pair was in view', Units: 's' },
    of: (row) => Math.round(row.viewingMs) / 1000,
  },
  { name: 'at', meaning: { Description: 'When, UTC' }, of: (row) => row.at },
  {
    name: 'criterion_version',
    meaning: { Description: 'Version of the criterion text the rater judged by' },
    of: (row) => row.criterionVersion,
  },
  {
    name: 'software',
    meaning: { Description: 'Version of the software that recorded it' },
    of: (row) => row.software,
  },
  {
    name: 'supersedes',
    meaning: { Description: 'The entry that this one corrects or takes back' },
    of: (row) => row.supersedes,
  },
  {
    name: 'withdrawal',
    meaning: { Description: 'Only takes another entry back', Levels: yesNo },
    of: (row) => bit(row.withdrawal),
  },
  {
    name: 'stands',
    meaning: { Description: 'Neither corrected nor taken back', Levels: yesNo },
    of: (row) => bit(row.stands),
  },
];

interface WideRow {
  readonly label: LabelRow;
  /** By place of the rater; null where he said nothing. */
  readonly verdicts: readonly (VerdictRow | null)[];
}

const criterionColumns = (criterion: 'strict' | 'lenient'): Column<WideRow>[] => [
  {
    name: `${criterion}_label`,
    meaning: {
      Description: `Final label under the ${criterion} criterion; empty where there is none`,
      Levels: labelLevels,
    },
    of: ({ label: { [criterion]: label } }) => (label.state === 'final' ? label.label : null),
  },
  {
    name: `${criterion}_by`,
    meaning: {
      Description: `How the final label under the ${criterion} criterion came about, or what it waits for`,
      Levels: {
        agreement: 'both primary raters',
        majority: 'with the third rater',
        consensus: 'consensus session',
        import: 'made elsewhere',
        excluded: 'the original left the analysis',
        'waits for primary': 'a primary rater has not decided',
        'waits for third': 'the third rater has not decided',
        'waits for consensus': 'the session has not decided',
        'waits for round': 'in no round',
      },
    },
    of: ({ label: { [criterion]: label } }) =>
      label.state === 'open'
        ? `waits for ${label.waitsFor}`
        : label.state === 'excluded'
          ? 'excluded'
          : label.by,
  },
];

const raterColumns = (place: number, title: string, name: string): Column<WideRow>[] => [
  {
    name: `${name}_verdict`,
    meaning: { Description: `Standing verdict of ${title}`, Levels: verdictLevels },
    of: ({ verdicts }) => verdicts[place]?.verdict ?? null,
  },
  {
    name: `${name}_exclusion`,
    meaning: { Description: `Why ${title} excluded the original` },
    of: ({ verdicts }) => verdicts[place]?.exclusion ?? null,
  },
  {
    name: `${name}_remains`,
    meaning: { Description: `What ${title} saw remain` },
    of: ({ verdicts }) => verdicts[place]?.remains.join(' ') ?? null,
  },
  {
    name: `${name}_brain_cut`,
    meaning: { Description: `Whether ${title} saw brain tissue removed`, Levels: yesNo },
    of: ({ verdicts }) => {
      const verdict = verdicts[place];
      return verdict === null ? null : bit(verdict.brainCut);
    },
  },
];

const wideColumns: readonly Column<WideRow>[] = [
  { name: 'scan', meaning: { Description: 'Name of the scan in the study' }, of: ({ label }) => label.scan },
  {
    name: 'person',
    meaning: { Description: 'Whose head it is; everything statistical is grouped by this' },
    of: ({ label }) => label.person,
  },
  {
    name: 'method',
    meaning: { Description: 'The tool that made the defacing' },
    of: ({ label }) => label.tool,
  },
  {
    name: 'defacing',
    meaning: { Description: 'Id of the defacing in the study' },
    of: ({ label }) => label.defacingId,
  },
  ...criterionColumns('strict'),
  ...criterionColumns('lenient'),
  {
    name: 'frozen',
    meaning: { Description: 'Whether the final labels of the round are frozen', Levels: yesNo },
    of: ({ label }) => bit(label.frozen),
  },
  {
    name: 'stale',
    meaning: { Description: 'The defacing was made anew since it was rated', Levels: yesNo },
    of: ({ label }) => bit(label.stale),
  },
  ...raterColumns(0, 'the first primary rater', 'first'),
  ...raterColumns(1, 'the second primary rater', 'second'),
  ...raterColumns(2, 'the third rater', 'third'),
];

const tableOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): RatingTable => ({
  columns: columns.map(({ name }) => name),
  rows: rows.map((row) => columns.map(({ of }) => of(row))),
  dictionary: Object.fromEntries(columns.map(({ name, meaning }) => [name, meaning])),
});

/** One row for every entry of the verdict log, corrected ones too. */
export const longTable = (verdicts: readonly VerdictRow[]): RatingTable => tableOf(longColumns, verdicts);

/** One row for every defacing: final labels and what stands of each rater. `raters` are their names by place. */
export function wideTable(
  labels: readonly LabelRow[],
  verdicts: readonly VerdictRow[],
  raters: readonly string[],
): RatingTable {
  const standing = new Map(
    verdicts
      .filter(({ stands, repeat }) => stands && !repeat)
      .map((verdict) => [`${verdict.defacingId} ${verdict.rater}`, verdict]),
  );
  const rows = labels.map((label) => ({
    label,
    verdicts: [0, 1, 2].map((place) => standing.get(`${label.defacingId} ${raters[place] ?? ''}`) ?? null),
  }));
  return tableOf(wideColumns, rows);
}
