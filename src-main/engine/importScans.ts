import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { duplicateOf } from '../../src-shared/domain/duplicates.ts';
import { outputName } from '../../src-shared/domain/outputNames.ts';
import { scrubSidecar } from '../../src-shared/domain/sidecar.ts';
import type { Scan } from '../../src-shared/domain/study.ts';
import type { Inspected } from '../files/inspectFile.ts';
import { listCandidates, type Candidate, type Skipped } from '../files/listCandidates.ts';
import { readPeople } from '../files/readPeople.ts';
import { inOrder } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Mapping } from '../store/scans.ts';
import type { Engine } from './engine.ts';

/** A file as it was looked at. */
export interface LookedAt {
  readonly candidate: Candidate;
  /** Size and times of the file then: a change of any means that it is read again. */
  readonly stamp: string;
  /** null where the study knows the file and it has not changed since. */
  readonly inspected: Inspected | null;
}

/** What a person decided about files before they are taken up, by their path. */
export interface ImportChoices {
  readonly mapping: ReadonlyMap<string, Partial<Mapping>>;
  readonly leftOut: ReadonlySet<string>;
  /** Files looked at already; one that has not changed since is not read again. */
  readonly seen: ReadonlyMap<string, LookedAt>;
}
const noChoices: ImportChoices = { mapping: new Map(), leftOut: new Set(), seen: new Map() };

/**
 * Takes notice of every image below `input`: who, what, state and reason. Files that have not changed since are not read
 * again. In the order of names, so that of two equal files it is always the same one that counts. Throws `nothing-found`.
 */
export async function importScans(
  engine: Engine,
  input: string,
  job: JobContext,
  choices: ImportChoices = noChoices,
): Promise<void> {
  const people = await readPeople(input);
  let done = 0;
  await lookAtFiles(engine, input, job, {
    seen: choices.seen,
    passedOver: (skipped) => engine.scans.passOver(skipped),
    take: (looked) => {
      const { path, relativePath } = looked.candidate;
      if (choices.leftOut.has(path)) {
        engine.scans.passOver({ path, relativePath, reason: 'left-out', sentence: leftOutSentence });
      } else take(engine, looked, choices.mapping.get(path) ?? null);
      job.report({ phase: 'import', done: ++done, total: null, message: relativePath });
    },
  });
  // Tables may have changed where the images have not.
  engine.persons.saveFacts(people.persons, people.sessions);
}

const leftOutSentence = 'Left out by the person who imported the folder. Import it again to take it up.';

/**
 * Reads every image below `input` in the order of names, a few at a time. The study itself is never its own input, except
 * for originals that were converted into its folder `imported`, when that is what was chosen. Throws `nothing-found`.
 */
export async function lookAtFiles(
  engine: Engine,
  input: string,
  job: Pick<JobContext, 'signal' | 'gate'>,
  to: {
    readonly seen: ReadonlyMap<string, LookedAt>;
    readonly passedOver: (skipped: Skipped) => void;
    readonly take: (looked: LookedAt) => void;
  },
): Promise<void> {
  let found = 0;
  await inOrder(
    candidatesOf(engine, input, job, to.passedOver),
    engine.pool.size + 1,
    (candidate) => lookAt(engine, candidate, to.seen, job.signal),
    (looked) => {
      job.signal.throwIfAborted();
      found++;
      to.take(looked);
    },
  );
  if (found === 0) {
    throw new AppError(
      'nothing-found',
      'There is no image in this folder: no file whose name ends in .nii, .nii.gz or .hdr. DICOM has to be converted first.',
    );
  }
}

async function* candidatesOf(
  engine: Engine,
  input: string,
  { signal, gate }: Pick<JobContext, 'signal' | 'gate'>,
  passedOver: (skipped: Skipped) => void,
): AsyncGenerator<Candidate> {
  const own = resolve(engine.store.folder) + sep;
  const imported = `${resolve(input)}${sep}`.startsWith(`${own}imported${sep}`);
  for await (const candidate of listCandidates(resolve(input))) {
    await gate();
    signal.throwIfAborted();
    if (!imported && candidate.path.startsWith(own)) continue;
    if (candidate.kind === 'skipped') passedOver(candidate);
    else yield candidate;
  }
}

async function lookAt(
  engine: Engine,
  candidate: Candidate,
  seen: ImportChoices['seen'],
  signal: AbortSignal,
): Promise<LookedAt> {
  const facts = await stat(candidate.path, { bigint: true }).catch(() => null);
  const stamp = facts === null ? 'gone' : `${facts.size} ${facts.mtimeNs}`;
  const before = seen.get(candidate.path);
  if (before?.stamp === stamp) return before;
  const known = engine.scans.byPath(candidate.path);
  const inspected =
    known?.fileStamp === stamp
      ? null
      : ((await engine.pool.run('inspect', candidate, { signal })) as Inspected);
  return { candidate, stamp, inspected };
}

function take(
  { scans, log }: Engine,
  { candidate, inspected, stamp }: LookedAt,
  mapping: Partial<Mapping> | null,
): void {
  const { path } = candidate;
  const known = scans.byPath(path);
  const found = inspected?.identity ?? known;
  if (found === null || (inspected === null && mapping === null)) return;
  const { person, session, modality } = { ...found, ...scans.mappingOf(path), ...mapping };
  if (mapping !== null) scans.setMapping(path, { person, session, modality });
  const identity = {
    ...found,
    person,
    session,
    modality,
    modalityFrom: modality === found.modality ? found.modalityFrom : ('given' as const),
  };
  if (inspected === null) {
    if (known !== null)
      scans.save({ ...known, person, session, modality, modalityFrom: identity.modalityFrom });
    return;
  }
  const id = scans.idOf(path);
  const hashes = { id, path, fileHash: inspected.fileHash, contentHash: inspected.contentHash };
  const repeat = duplicateOf(
    hashes,
    [scans.repeatOf(hashes)].filter((scan) => scan !== null),
  );
  const plain = outputName(identity);
  const name =
    scans.byId(id)?.name ??
    (plain.startsWith('sub-x_') || scans.nameTaken(plain, id) ? outputName(identity, id.slice(0, 8)) : plain);
  const scan: Scan = {
    ...hashes,
    relativePath: inspected.relativePath,
    name,
    person,
    session,
    modality,
    modalityFrom: identity.modalityFrom,
    entities: identity.entities,
    state: repeat === null ? inspected.state : 'duplicate',
    reason: repeat === null ? inspected.reason : repeat.reason,
    errorCode: inspected.errorCode,
    duplicateOf: repeat === null ? null : repeat.of.id,
    fileStamp: stamp,
    image: inspected.image,
    sidecar: inspected.sidecar === null ? null : scrubSidecar(inspected.sidecar),
  };
  scans.save(scan);
  log('scan-read', { scan: id, state: scan.state, code: scan.errorCode });
}
