import { createHmac } from 'node:crypto';
import { guessContrast } from '../../src-shared/domain/guessContrast.ts';
import type { Modality } from '../../src-shared/domain/modality.ts';
import type { XnatConnection } from './xnatConnection.ts';

/** One scan on the server, as the property table shows it. Server ids are needed to fetch it and are not shown. */
export interface XnatScan {
  readonly experimentId: string;
  readonly scanId: string;
  /** Keyed hashes, as in the DICOM table, of the server's own ids. */
  readonly seriesKey: string;
  readonly personKey: string;
  readonly visitKey: string;
  readonly modality: Modality;
  readonly type: string;
  readonly description: string;
  readonly quality: string;
  readonly frames: number | null;
  readonly repetitionTimeMs: number | null;
  readonly echoTimeMs: number | null;
  readonly inversionTimeMs: number | null;
  readonly fieldStrengthT: number | null;
  readonly ageYears: number | null;
  readonly sex: string | null;
  /** Names of its resources that can be imported, the preferred first: NIFTI, then DICOM. */
  readonly resources: readonly string[];
}

export interface XnatProject {
  readonly id: string;
  readonly name: string;
}

export async function listProjects(connection: XnatConnection, signal?: AbortSignal): Promise<XnatProject[]> {
  const projects: XnatProject[] = [];
  for await (const row of connection.rows('data/projects', {}, signal && { signal })) {
    projects.push({ id: row.ID, name: row.name });
  }
  return projects;
}

const scanColumns = {
  repetitionTimeMs: 'xnat:mrScanData/parameters/tr',
  echoTimeMs: 'xnat:mrScanData/parameters/te',
  inversionTimeMs: 'xnat:mrScanData/parameters/ti',
  fieldStrengthT: 'xnat:mrScanData/fieldStrength',
} as const;

/** Every MR scan of a project, session by session, so that a screen can fill while the listing goes on. */
export async function* listScans(
  connection: XnatConnection,
  projectId: string,
  { key, signal }: { readonly key: string; readonly signal?: AbortSignal },
): AsyncGenerator<XnatScan> {
  const options = signal && { signal };
  const project = encodeURIComponent(projectId);
  const subjects = new Map<string, Partial<Record<string, string>>>();
  for await (const row of connection.rows(
    `data/projects/${project}/subjects`,
    { columns: 'ID,gender,age' },
    options,
  )) {
    subjects.set(row.ID, row);
  }
  const hashed = (kind: string, id: string): string =>
    createHmac('sha256', key).update(`${kind}\u0000${id}`).digest('hex').slice(0, 12);
  const sessions = connection.rows(
    `data/projects/${project}/experiments`,
    { xsiType: 'xnat:mrSessionData', columns: 'ID,subject_ID,xsiType' },
    options,
  );
  for await (const session of sessions) {
    const subject = subjects.get(session.subject_ID);
    const experiment = encodeURIComponent(session.ID);
    const columns = [
      'ID',
      'type',
      'series_description',
      'quality',
      'frames',
      ...Object.values(scanColumns),
    ].join(',');
    for await (const row of connection.rows(`data/experiments/${experiment}/scans`, { columns }, options)) {
      const numbers = Object.fromEntries(
        Object.entries(scanColumns).map(([name, column]) => [
          name,
          number(row[column] ?? row[column.toLowerCase()]),
        ]),
      ) as Record<keyof typeof scanColumns, number | null>;
      yield {
        experimentId: session.ID,
        scanId: row.ID,
        seriesKey: hashed('series', `${session.ID}\u0000${row.ID}`),
        personKey: hashed('person', session.subject_ID),
        visitKey: hashed('visit', session.ID),
        modality: guessContrast({
          names: [row.series_description, row.type].filter((name) => name !== ''),
          ...numbers,
          scanningSequence: [],
        }),
        type: row.type,
        description: row.series_description,
        quality: row.quality,
        frames: number(row.frames),
        ...numbers,
        ageYears: number(subject?.age),
        sex: subject?.gender?.slice(0, 1).toUpperCase() ?? null,
        resources: await resourcesOf(
          connection,
          `data/experiments/${experiment}/scans/${encodeURIComponent(row.ID)}`,
          signal,
        ),
      };
    }
  }
}

async function resourcesOf(
  connection: XnatConnection,
  scan: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const labels: string[] = [];
  for await (const row of connection.rows(`${scan}/resources`, {}, signal && { signal }))
    labels.push(row.label);
  const wanted = ['NIFTI', 'NIFTI_RAW', 'DICOM'];
  return labels
    .filter((label) => wanted.includes(label.toUpperCase()))
    .toSorted((a, b) => wanted.indexOf(a.toUpperCase()) - wanted.indexOf(b.toUpperCase()));
}

function number(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}
