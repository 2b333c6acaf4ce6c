import type { DicomSeries } from '../../src-shared/domain/dicomSeries.ts';
import type { XnatScan } from './xnatListing.ts';

/** A scan on a server as a row of the table of series; what a server does not say is null or empty. */
export function seriesOfScan(scan: XnatScan): DicomSeries {
  return {
    seriesKey: scan.seriesKey,
    personKey: scan.personKey,
    visitKey: scan.visitKey,
    modality: scan.modality,
    description: scan.description || scan.type,
    sequence: '',
    repetitionTimeMs: scan.repetitionTimeMs,
    echoTimeMs: scan.echoTimeMs,
    inversionTimeMs: scan.inversionTimeMs,
    fieldStrengthT: scan.fieldStrengthT,
    manufacturer: '',
    model: '',
    rows: null,
    columns: null,
    pixelSpacingMm: null,
    sliceSpacingMm: null,
    files: scan.frames ?? 0,
    ageYears: scan.ageYears,
    sex: (['F', 'M', 'O'] as const).find((sex) => sex === scan.sex) ?? null,
    deidentificationCodes: [],
    unusable:
      scan.resources.length === 0
        ? 'The server has neither DICOM nor NIfTI of it.'
        : scan.quality.toLowerCase() === 'unusable'
          ? 'Marked as unusable on the server.'
          : null,
  };
}
