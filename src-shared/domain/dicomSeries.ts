import type { Modality } from './modality.ts';

/**
 * What is known of one DICOM series before anything is converted. Identities are absent: persons, visits and series
 * are named by keyed hashes, which join what belongs together inside one study and mean nothing outside it.
 */
export interface DicomSeries {
  readonly seriesKey: string;
  readonly personKey: string;
  /** Joins the series of one visit (DICOM study). */
  readonly visitKey: string;
  readonly modality: Modality;
  readonly description: string;
  readonly sequence: string;
  readonly repetitionTimeMs: number | null;
  readonly echoTimeMs: number | null;
  readonly inversionTimeMs: number | null;
  readonly fieldStrengthT: number | null;
  readonly manufacturer: string;
  readonly model: string;
  readonly rows: number | null;
  readonly columns: number | null;
  /** Within the slice, and between slices, mm. */
  readonly pixelSpacingMm: number | null;
  readonly sliceSpacingMm: number | null;
  readonly files: number;
  readonly ageYears: number | null;
  readonly sex: 'F' | 'M' | 'O' | null;
  /** De-identification codes (0012,0064) the header claims; a claim, not proof. */
  readonly deidentificationCodes: readonly string[];
  /** Why this series can not become a head volume; null where nothing speaks against it. */
  readonly unusable: string | null;
}

export interface SeriesFilter {
  readonly modalities?: readonly Modality[];
  /** Case-insensitive part of the description. */
  readonly descriptionContains?: string;
  readonly minSlices?: number;
  readonly maxSliceSpacingMm?: number;
  readonly seriesKeys?: readonly string[];
}

/** The usable series a filter lets through; series named by key are taken by hand and need pass nothing else. */
export function chooseSeries(series: readonly DicomSeries[], filter: SeriesFilter): readonly DicomSeries[] {
  return series.filter((candidate) => {
    if (candidate.unusable !== null) return false;
    if (filter.seriesKeys !== undefined) return filter.seriesKeys.includes(candidate.seriesKey);
    const text = filter.descriptionContains?.toLowerCase() ?? '';
    return (
      (filter.modalities?.includes(candidate.modality) ?? true) &&
      candidate.description.toLowerCase().includes(text) &&
      candidate.files >= (filter.minSlices ?? 0) &&
      (filter.maxSliceSpacingMm === undefined ||
        (candidate.sliceSpacingMm !== null && candidate.sliceSpacingMm <= filter.maxSliceSpacingMm))
    );
  });
}

const csvColumns: readonly (keyof DicomSeries)[] = [
  'seriesKey',
  'personKey',
  'visitKey',
  'modality',
  'description',
  'sequence',
  'repetitionTimeMs',
  'echoTimeMs',
  'inversionTimeMs',
  'fieldStrengthT',
  'manufacturer',
  'model',
  'rows',
  'columns',
  'pixelSpacingMm',
  'sliceSpacingMm',
  'files',
  'ageYears',
  'sex',
  'deidentificationCodes',
  'unusable',
];

/** The table as CSV (RFC 4180), `n/a` where the header says nothing. A leading = + - @ is quoted away from spreadsheets. */
export function seriesCsv(series: readonly DicomSeries[]): string {
  const cell = (value: DicomSeries[keyof DicomSeries]): string => {
    const text = value === null ? 'n/a' : Array.isArray(value) ? value.join(' ') : String(value);
    const harmless = typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const lines = series.map((row) => csvColumns.map((column) => cell(row[column])).join(','));
  return [csvColumns.join(','), ...lines, ''].join('\r\n');
}
