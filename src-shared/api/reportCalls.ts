import { call } from './call.ts';
import { maxLength, minLength, optional, picklist, pipe, strictObject, string } from './checks.ts';

const options = {
  criterion: optional(picklist(['strict', 'lenient']), 'lenient'),
  title: optional(pipe(string(), minLength(1), maxLength(200)), 'Defacing of head scans'),
  /** Small pictures of what was defaced; of originals never unless asked, since they are faces. */
  faces: optional(picklist(['none', 'defaced', 'all']), 'none'),
};

/** The report that leaves the building: one page of HTML, and the same as PDF. */
export const reportCalls = {
  'report.html': call(strictObject(options), { who: 'owner' }).returns<{ readonly html: string }>(),
  /** Writes `report.html`, and `report.pdf` where a Chromium is found. */
  'report.save': call(strictObject({ ...options, folder: pipe(string(), minLength(1), maxLength(4096)) }), {
    who: 'owner',
  }).returns<ReportFiles>(),
};

export interface ReportFiles {
  readonly files: readonly string[];
  /** Why there is no PDF; null where there is one. */
  readonly noPdf: string | null;
}
