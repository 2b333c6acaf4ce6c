import { AppError } from '../api/appError.ts';
import type { FeatureValue } from '../domain/study.ts';
import { features } from '../features/features.ts';
import { featureDictionary } from '../features/measure.ts';
import type { Criterion } from '../rating/verdict.ts';
import { tsv, type Cell } from '../report/tsv.ts';
import { comBat } from '../stats/comBat.ts';

export interface QaRow {
  /** Path of the image in the data set. */
  readonly file: string;
  readonly participant: string;
  readonly contrast: string;
  readonly tool: string;
  readonly toolVersion: string;
  readonly accepted: boolean;
  /** Maker, model and field strength, as far as they may leave; what ComBat takes for a batch. */
  readonly scanner: string;
  readonly features: readonly FeatureValue[];
}

/** One row an exported image: its measurements, and with `harmonise` the same without the effect of the scanner. */
export function qaTable(
  rows: readonly QaRow[],
  { criterion, harmonise }: { readonly criterion: Criterion; readonly harmonise: boolean },
): { readonly tsv: string; readonly dictionary: Record<string, unknown>; readonly notes: readonly string[] } {
  const ids = features.map(({ id }) => id);
  const value = (row: QaRow, id: string): number | null =>
    row.features.find(({ feature }) => feature === id)?.value ?? null;
  const notes: string[] = [];
  const harmonised = harmonise ? harmonisedColumns(rows, ids, value, notes) : [];
  const body = rows.map((row, n): Cell[] => [
    row.file,
    row.participant,
    row.contrast,
    row.tool,
    row.toolVersion,
    criterion,
    row.accepted ? 'yes' : 'no',
    row.scanner,
    ...ids.map((id) => value(row, id)),
    ...harmonised.map(({ values }) => values[n]),
  ]);
  const columns = [
    'file',
    'participant_id',
    'contrast',
    'tool',
    'tool_version',
    'criterion',
    'accepted',
    'scanner',
  ];
  return {
    tsv: tsv([...columns, ...ids, ...harmonised.map(({ id }) => `${id}_combat`)], body),
    dictionary: {
      ...columnMeanings,
      ...featureDictionary(),
      ...Object.fromEntries(
        harmonised.map(({ id }) => [
          `${id}_combat`,
          {
            Description: `The column ${id} with the effect of the scanner taken out by ComBat (Johnson et al. 2007, Fortin et al. 2018)`,
          },
        ]),
      ),
    },
    notes,
  };
}

/** Columns that vary and have no missing value; a note where harmonising is not possible. */
function harmonisedColumns(
  rows: readonly QaRow[],
  ids: readonly string[],
  value: (row: QaRow, id: string) => number | null,
  notes: string[],
): { id: string; values: Float64Array }[] {
  const usable = ids.filter((id) => {
    const column = rows.map((row) => value(row, id));
    return column.every((each) => each !== null) && new Set(column).size > 1;
  });
  try {
    const input = usable.map((id) => Float64Array.from(rows, (row) => value(row, id) ?? Number.NaN));
    const done = comBat({ features: input, batches: rows.map(({ scanner }) => scanner) });
    return usable.map((id, n) => ({ id, values: done.features[n] }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    notes.push(`Measurements are not harmonised: ${error.message}`);
    return [];
  }
}

const columnMeanings = {
  file: { Description: 'Path of the image in this data set' },
  participant_id: { Description: 'Whose head it is' },
  contrast: { Description: 'Contrast by its BIDS suffix' },
  tool: { Description: 'The tool that removed the face' },
  tool_version: { Description: 'Its version' },
  criterion: { Description: 'The criterion under which the image was found adequate' },
  accepted: {
    Description: 'Whether a named person let the image out without a final label that passes',
    Levels: { yes: 'accepted with a reason, which stays in the study', no: 'its final label passes' },
  },
  scanner: { Description: 'Maker, model and field strength in tesla' },
};
