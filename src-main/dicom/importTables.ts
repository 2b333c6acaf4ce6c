import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DicomSeries } from '../../src-shared/domain/dicomSeries.ts';
import { cappedAge } from '../../src-shared/domain/persons.ts';
import { plainCodes } from '../../src-shared/domain/sidecar.ts';
import { writeFileWhole } from '../files/writeFile.ts';
import type { ConversionOutcome } from './conversionOutcome.ts';

/** What was made of one series, as `series.tsv` keeps it. */
export interface ImportRecord {
  readonly series: Pick<DicomSeries, 'seriesKey' | 'personKey' | 'visitKey'>;
  readonly outcome: ConversionOutcome;
  /** Below the output folder, `/` between their parts. */
  readonly images: readonly string[];
  readonly inputSha256: string;
  /** Further columns by name, as text. */
  readonly facts: Readonly<Record<string, string>>;
}

const own = ['series_key', 'participant_id', 'session_id', 'outcome', 'images', 'input_sha256'];

/** Fields of the scanner and how it was set, without free text. */
export function scannerFacts(series: DicomSeries, converter: string): Record<string, string> {
  const text = (value: string | number | null): string =>
    value === null || value === '' ? 'n/a' : `${value}`;
  return {
    modality: series.modality,
    sequence: text(series.sequence),
    repetition_time_ms: text(series.repetitionTimeMs),
    echo_time_ms: text(series.echoTimeMs),
    inversion_time_ms: text(series.inversionTimeMs),
    field_strength_t: text(series.fieldStrengthT),
    manufacturer: text(series.manufacturer),
    model: text(series.model),
    rows: text(series.rows),
    columns: text(series.columns),
    pixel_spacing_mm: text(series.pixelSpacingMm),
    slice_spacing_mm: text(series.sliceSpacingMm),
    slices: text(series.files),
    deidentification_codes_claimed: text(plainCodes(series.deidentificationCodes).join(' ')),
    converter,
  };
}

/** The records of an output folder by series; none where there is no table. */
export async function readRecords(outFolder: string): Promise<Map<string, ImportRecord>> {
  const records = new Map<string, ImportRecord>();
  for (const row of await readTsv(join(outFolder, 'series.tsv'))) {
    const { series_key, participant_id, session_id, outcome, images, input_sha256, ...facts } = row;
    records.set(series_key, {
      series: {
        seriesKey: series_key,
        personKey: participant_id.replace(/^sub-/, ''),
        visitKey: session_id.replace(/^ses-/, ''),
      },
      outcome: outcome as ConversionOutcome,
      images: images === 'n/a' ? [] : images.split(';'),
      inputSha256: input_sha256,
      facts,
    });
  }
  return records;
}

export async function writeRecords(
  outFolder: string,
  records: ReadonlyMap<string, ImportRecord>,
  partFolder: string,
): Promise<void> {
  const all = [...records.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const names = [...new Set(all.flatMap(({ facts }) => Object.keys(facts)))];
  const rows = all.map(({ series, outcome, images, inputSha256, facts }) => [
    series.seriesKey,
    `sub-${series.personKey}`,
    `ses-${series.visitKey}`,
    outcome,
    images.length === 0 ? 'n/a' : images.join(';'),
    inputSha256,
    ...names.map((name) => facts[name] ?? 'n/a'),
  ]);
  await writeFileWhole(join(outFolder, 'series.tsv'), tsv([...own, ...names], rows), { partFolder });
}

const orderOf = ({ series }: ImportRecord): string =>
  `${series.personKey} ${series.visitKey} ${series.seriesKey}`;

/**
 * Adds a person to `participants.tsv`, or fills in what was not known. Ages from 89 on are given as `89+`; the first
 * known age stays, whatever later visits say.
 */
export async function addParticipant(
  outFolder: string,
  { personKey, ageYears, sex }: Pick<DicomSeries, 'personKey' | 'ageYears' | 'sex'>,
  partFolder: string,
): Promise<void> {
  const path = join(outFolder, 'participants.tsv');
  const rows = await readTsv(path);
  const id = `sub-${personKey}`;
  const age = ageText(ageYears);
  const known = rows.find((row) => row.participant_id === id);
  const told = (old: string | undefined, now: string): string =>
    old === undefined || old === 'n/a' ? now : old;
  const row = { participant_id: id, age: told(known?.age, age), sex: told(known?.sex, sex ?? 'n/a') };
  const all = [...rows.filter((other) => other !== known), row].sort((a, b) =>
    a.participant_id < b.participant_id ? -1 : 1,
  );
  const text = tsv(
    ['participant_id', 'age', 'sex'],
    all.map((each) => [each.participant_id, each.age, each.sex]),
  );
  await writeFileWhole(path, text, { partFolder });
}

/** Adds a visit with the age at it to the person's `sessions.tsv`, or fills in what was not known. */
export async function addSession(
  outFolder: string,
  { personKey, visitKey, ageYears }: Pick<DicomSeries, 'personKey' | 'visitKey' | 'ageYears'>,
  partFolder: string,
): Promise<void> {
  const subject = `sub-${personKey}`;
  const path = join(outFolder, subject, `${subject}_sessions.tsv`);
  const rows = await readTsv(path);
  const id = `ses-${visitKey}`;
  const known = rows.find((row) => row.session_id === id)?.age;
  const age = known === undefined || known === 'n/a' ? ageText(ageYears) : known;
  const all = [...rows.filter((row) => row.session_id !== id), { session_id: id, age }].sort((a, b) =>
    a.session_id < b.session_id ? -1 : 1,
  );
  const text = tsv(
    ['session_id', 'age'],
    all.map((row) => [row.session_id, row.age]),
  );
  await writeFileWhole(path, text, { partFolder });
}

const ageText = (ageYears: number | null): string =>
  ageYears === null ? 'n/a' : ageYears >= cappedAge ? `${cappedAge}+` : String(ageYears);

async function readTsv(path: string): Promise<Record<string, string>[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const [head, ...rows] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  return rows.map((cells) => Object.fromEntries(head.map((name, n) => [name, cells[n] ?? 'n/a'])));
}

const tsv = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map((cells) => `${cells.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')}\n`).join('');
