import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { duplicateOf } from '../../src-shared/domain/duplicates.ts';
import { outputName } from '../../src-shared/domain/outputNames.ts';
import type { Participants } from '../../src-shared/domain/participants.ts';
import { scrubSidecar } from '../../src-shared/domain/sidecar.ts';
import type { Scan } from '../../src-shared/domain/study.ts';
import type { Inspected } from '../files/inspectFile.ts';
import { listCandidates, type Candidate } from '../files/listCandidates.ts';
import { readParticipants } from '../files/readParticipants.ts';
import { inOrder } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { Engine } from './engine.ts';

/**
 * Takes notice of every image below `input`: who, what, state and reason. Files that have not changed since are not read
 * again. In the order of names, so that of two equal files it is always the same one that counts. Throws `nothing-found`.
 */
export async function importScans(engine: Engine, input: string, job: JobContext): Promise<void> {
  const people = await readParticipants(input);
  let found = 0;
  let done = 0;
  const report = (message: string): void => job.report({ phase: 'import', done, total: null, message });
  await inOrder(
    candidatesOf(engine, input, job.signal),
    engine.pool.size + 1,
    async (candidate) => ({
      stamp: await stampOf(candidate),
      ...(await look(engine, candidate, job.signal)),
    }),
    ({ inspected, stamp }, candidate) => {
      job.signal.throwIfAborted();
      found++;
      if (inspected !== null) take(engine, inspected, { stamp, people });
      done++;
      report(candidate.relativePath);
    },
  );
  if (found === 0) {
    throw new AppError(
      'nothing-found',
      'There is no image in this folder: no file whose name ends in .nii, .nii.gz or .hdr. DICOM has to be converted first.',
    );
  }
}

/**
 * Images below `input`; what is passed over is recorded on the way. The study itself is never its own input,
 * except for originals that were converted into its folder `imported`, when that is what was chosen.
 */
async function* candidatesOf(engine: Engine, input: string, signal: AbortSignal): AsyncGenerator<Candidate> {
  const own = resolve(engine.store.folder) + sep;
  const imported = `${resolve(input)}${sep}`.startsWith(`${own}imported${sep}`);
  for await (const candidate of listCandidates(resolve(input))) {
    signal.throwIfAborted();
    if (!imported && candidate.path.startsWith(own)) continue;
    if (candidate.kind === 'skipped') engine.scans.passOver(candidate);
    else yield candidate;
  }
}

/** Size and times of the file: a change of any means that it is read again. */
async function stampOf({ path }: Candidate): Promise<string> {
  const facts = await stat(path, { bigint: true }).catch(() => null);
  return facts === null ? 'gone' : `${facts.size} ${facts.mtimeNs}`;
}

async function look(
  engine: Engine,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<{ inspected: Inspected | null }> {
  const known = engine.scans.byPath(candidate.path);
  if (known !== null && known.fileStamp === (await stampOf(candidate))) return { inspected: null };
  return { inspected: (await engine.pool.run('inspect', candidate, { signal })) as Inspected };
}

function take(
  { scans, log }: Engine,
  inspected: Inspected,
  { stamp, people }: { stamp: string; people: Participants | null },
): void {
  const { identity, path, relativePath } = inspected;
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
    relativePath,
    name,
    person: identity.person,
    session: identity.session,
    modality: identity.modality,
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
  scans.save(scan, people?.get(identity.person) ?? {});
  log('scan-read', { scan: id, state: scan.state, code: scan.errorCode });
}
