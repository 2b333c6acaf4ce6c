import { resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { FoundFile, FoundFiles, importCalls, SuspectedFile } from '../../src-shared/api/importCalls.ts';
import { deidentificationClaims } from '../../src-shared/domain/deidentificationClaims.ts';
import { duplicateOf } from '../../src-shared/domain/duplicates.ts';
import type { Suspicion } from '../../src-shared/suspects/suspicion.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';
import { importScans, lookAtFiles, type LookedAt } from './importScans.ts';

/** A folder looked through and not yet taken: kept while this study is open, never written down. */
interface Look {
  readonly jobId: number;
  readonly folder: string;
  readonly seen: Map<string, LookedAt>;
  readonly files: FoundFile[];
  readonly suspected: SuspectedFile[];
  passedOver: number;
  phase: FoundFiles['phase'];
}

export function importHandlers(engine: Engine): HandlersOf<typeof importCalls> {
  const { jobs } = engine;
  let look: Look | null = null;
  const looked = (): Look => {
    if (look === null) {
      throw new AppError('nothing-looked-at', 'No folder was looked through. Choose one first.');
    }
    return look;
  };
  return {
    'imports.look': ({ input }) => {
      const folder = resolve(input);
      const started: { look: Look | null } = { look: null };
      const jobId = jobs.start('look', {}, async (job) => {
        if (started.look !== null) await lookThrough(engine, started.look, job);
      });
      look = started.look = {
        jobId,
        folder,
        seen: new Map(),
        files: [],
        suspected: [],
        passedOver: 0,
        phase: 'files',
      };
      return { jobId };
    },
    'imports.found': ({ files, suspected }) =>
      look === null
        ? null
        : {
            folder: look.folder,
            phase: look.phase,
            counts: {
              files: look.files.length,
              suspected: look.suspected.length,
              passedOver: look.passedOver,
            },
            files: look.files.slice(files),
            suspected: look.suspected.slice(suspected),
          },
    'imports.take': ({ changes }) => {
      const { folder, seen, jobId } = looked();
      const paths = new Map(
        [...seen.values()].map(({ candidate }) => [candidate.relativePath, candidate.path]),
      );
      const chosen = changes.flatMap(({ relativePath, leaveOut = false, ...mapping }) => {
        const path = paths.get(relativePath);
        return path === undefined ? [] : [{ path, leaveOut, mapping }];
      });
      const started = jobs.start('main', { import: true }, async (job) => {
        await importScans(engine, folder, job, {
          seen,
          leftOut: new Set(chosen.filter(({ leaveOut }) => leaveOut).map(({ path }) => path)),
          mapping: new Map(
            chosen
              .filter(({ mapping }) => Object.keys(mapping).length > 0)
              .map(({ path, mapping }) => [path, definedOf(mapping)]),
          ),
        });
        if (look?.jobId === jobId) look = null;
      });
      // What is known of suspicions by now is on the table; the batch finds them all again.
      jobs.cancel(jobId);
      return { jobId: started };
    },
    'imports.dismiss': () => {
      if (look !== null) jobs.cancel(look.jobId);
      look = null;
      return null;
    },
  };
}

type Changed = { [Key in 'person' | 'modality']?: Exclude<FoundFile[Key], undefined> } & {
  session?: string | null;
};
const definedOf = (mapping: { [Key in keyof Changed]?: Changed[Key] | undefined }): Changed =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== undefined));

async function lookThrough(engine: Engine, look: Look, job: JobContext): Promise<void> {
  const hashes: { path: string; fileHash: string | null; contentHash: string | null }[] = [];
  try {
    await lookAtFiles(engine, look.folder, job, {
      seen: look.seen,
      passedOver: () => {
        look.passedOver++;
      },
      take: (looked) => {
        look.seen.set(looked.candidate.path, looked);
        look.files.push(foundFile(engine, looked, hashes));
        job.report({
          phase: 'look',
          done: look.files.length,
          total: null,
          message: looked.candidate.relativePath,
        });
      },
    });
    look.phase = 'suspects';
    const usable = look.files.filter(({ state, known }) => state === 'ok' && !known);
    const paths = new Map([...look.seen.values()].map((each) => [each.candidate.relativePath, each]));
    let done = 0;
    job.report({ phase: 'suspects', done, total: usable.length, message: '' });
    await forEachInFlight(usable, engine.pool.size, async ({ relativePath }) => {
      await job.gate();
      const file = paths.get(relativePath);
      if (file === undefined) return;
      const suspicions = (await engine.pool.run(
        'suspect',
        {
          scanPath: file.candidate.path,
          deidentificationCodes: deidentificationClaims(file.inspected?.sidecar ?? null),
        },
        { signal: job.signal },
      )) as Suspicion[];
      look.suspected.push({ relativePath, suspicions });
      job.report({ phase: 'suspects', done: ++done, total: usable.length, message: relativePath });
    });
    look.phase = 'done';
  } finally {
    if (look.phase !== 'done') look.phase = 'stopped';
  }
}

/** A row of the table before anything is taken: what the import would make of this file today. */
function foundFile(
  { scans }: Engine,
  { candidate, inspected }: LookedAt,
  hashes: { path: string; fileHash: string | null; contentHash: string | null }[],
): FoundFile {
  const { path, relativePath } = candidate;
  if (inspected === null) {
    const scan = scans.byPath(path);
    if (scan === null) throw new Error('a file without news is known');
    const { state, reason, errorCode, person, session, modality, image } = scan;
    const first = scan.duplicateOf === null ? null : scans.byId(scan.duplicateOf);
    hashes.push({ path: relativePath, fileHash: scan.fileHash, contentHash: scan.contentHash });
    return {
      ...{ relativePath, state, reason, errorCode, person, session, modality, image },
      duplicateOf: first?.relativePath ?? null,
      known: true,
    };
  }
  const own = { path: relativePath, fileHash: inspected.fileHash, contentHash: inspected.contentHash };
  const inStudy = scans.repeatOf({ id: scans.idOf(path), ...own, path });
  const repeat =
    duplicateOf(own, hashes) ??
    duplicateOf(own, inStudy === null ? [] : [{ ...inStudy, path: inStudy.relativePath }]);
  hashes.push(own);
  const { person, session, modality } = { ...inspected.identity, ...scans.mappingOf(path) };
  return {
    relativePath,
    state: repeat === null ? inspected.state : 'duplicate',
    reason: repeat === null ? inspected.reason : repeat.reason,
    errorCode: inspected.errorCode,
    duplicateOf: repeat?.of.path ?? null,
    person,
    session,
    modality,
    image: inspected.image,
    known: false,
  };
}
