import { join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { FoundSeriesTable } from '../../src-shared/api/dicomCalls.ts';
import type { xnatCalls } from '../../src-shared/api/xnatCalls.ts';
import { chooseConverter } from '../dicom/nativeConverter.ts';
import { noteOf } from '../store/notes.ts';
import { studyKey } from '../store/studyKey.ts';
import { fetchScans } from '../xnat/fetchScans.ts';
import { XnatConnection } from '../xnat/xnatConnection.ts';
import { listProjects, listScans, type XnatScan } from '../xnat/xnatListing.ts';
import { seriesOfScan } from '../xnat/xnatSeries.ts';
import type { Engine } from './engine.ts';
import { importedFolder, outcomesOf, tableOf, takeUpImported } from './seriesJobs.ts';

/** Rows of the table are sent on after this many new ones. */
const page = 25;

export function xnatHandlers(engine: Engine): HandlersOf<typeof xnatCalls> {
  const { jobs, store, log } = engine;
  const allowed = noteOf(store, 'xnat-allowed');
  const address = noteOf(store, 'xnat-url');
  let signedIn: { connection: XnatConnection; user: string } | null = null;
  let table: FoundSeriesTable | null = null;
  let scans: XnatScan[] = [];

  const requireAllowed = (): void => {
    if (allowed.read() !== 'yes') {
      throw new AppError(
        'xnat-off',
        'XNAT is switched off in this study. Allow it on the import screen first.',
      );
    }
  };
  const connection = (): XnatConnection => {
    requireAllowed();
    if (signedIn === null)
      throw new AppError('xnat-signed-out', 'Nobody is signed in to XNAT. Sign in first.');
    return signedIn.connection;
  };
  const signOut = async (): Promise<void> => {
    const leaving = signedIn;
    signedIn = null;
    await leaving?.connection.close();
  };
  /** A session that the server has ended is no longer ours. */
  const asking = async <T>(work: (to: XnatConnection) => Promise<T>): Promise<T> => {
    try {
      return await work(connection());
    } catch (error) {
      if (error instanceof AppError && error.code === 'xnat-session-expired') signedIn = null;
      throw error;
    }
  };
  engine.onClose(signOut);

  return {
    'xnat.state': () => ({
      allowed: allowed.read() === 'yes',
      url: address.read(),
      user: signedIn?.user ?? null,
    }),
    'xnat.allow': async ({ allowed: yes }) => {
      allowed.write(yes ? 'yes' : 'no');
      log('xnat-allowed', { allowed: yes });
      if (!yes) await signOut();
      return null;
    },
    'xnat.login': async ({ url, user, password }) => {
      requireAllowed();
      await signOut();
      signedIn = { connection: await XnatConnection.open({ url, user, password }), user };
      address.write(url);
      table = null;
      scans = [];
      return null;
    },
    'xnat.logout': async () => {
      await signOut();
      return null;
    },
    'xnat.projects': () => asking(listProjects),
    'xnat.look': ({ project }) => {
      connection();
      const jobId = jobs.start('look', {}, (job) =>
        asking(async (to) => {
          const show = (complete: boolean): void => {
            table = tableOf(project, { complete, series: scans.map(seriesOfScan) });
          };
          for await (const scan of listScans(to, project, { key: studyKey(store), signal: job.signal })) {
            scans.push(scan);
            if (scans.length % page === 0) show(false);
            job.report({ phase: 'look', done: scans.length, total: null, message: '' });
          }
          show(true);
        }),
      );
      scans = [];
      table = tableOf(project, {});
      return { jobId };
    },
    'xnat.found': () => table,
    'xnat.fetch': ({ seriesKeys }) => {
      connection();
      const keys = new Set(seriesKeys);
      const chosen = scans.filter((scan) => keys.has(scan.seriesKey) && seriesOfScan(scan).unusable === null);
      if (chosen.length === 0) {
        throw new AppError('no-series', 'None of the chosen scans can be fetched. The table says why.');
      }
      const jobId = jobs.start('main', { xnat: true, series: chosen.length }, (job) =>
        asking(async (to) => {
          const results = await fetchScans(to, chosen, {
            outFolder: importedFolder(engine),
            // Kept when it is stopped: the same again goes on with the file that is missing.
            downloadFolder: join(store.folder, '.downloads'),
            key: studyKey(store),
            converter: await chooseConverter(engine.programs.inherited),
            signal: job.signal,
            report: ({ done, total, download }) =>
              job.report({ phase: 'fetch', done, total, message: downloadText(download) }),
          });
          if (table !== null) table = { ...table, results: outcomesOf(results) };
          await takeUpImported(engine, results, job);
        }),
      );
      return { jobId };
    },
  };
}

const downloadText = (
  download: { filesDone: number; files: number; bytesDone: number; bytes: number } | null,
): string =>
  download === null
    ? ''
    : `${download.filesDone} / ${download.files} · ${(download.bytesDone / 1e6).toFixed(0)} / ${(download.bytes / 1e6).toFixed(0)} MB`;
