import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { OutputFile, Scan } from '../../src-shared/domain/study.ts';
import { sha256 } from '../files/hash.ts';
import { readBytes } from '../files/readBytes.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { derivedOf } from '../store/derived.ts';
import { openStore, studyFileName, type Store } from '../store/openStore.ts';
import { predictorRowsOf } from '../store/predictorRows.ts';
import { scansOf } from '../store/scans.ts';
import { writeFileWhole } from '../files/writeFile.ts';
import type { Engine } from './engine.ts';
import { importScans } from './importScans.ts';
import { writeTables } from './writeTables.ts';

/**
 * Joins studies that were made one a person, without a common database, into this one. Their ids agree because all have
 * this study's id, so what each worked out is taken over as it is, files compared by their hashes. Everything can be
 * repeated; what is there already is kept. Throws `part-foreign` for a study of another id, `part-damaged` for a file
 * that is not as it was written, `nothing-found`.
 */
export async function mergeParts(
  engine: Engine,
  { input, parts }: { input: string; parts: string },
  job: JobContext,
): Promise<void> {
  const folders = await partFolders(parts);
  if (folders.length === 0) {
    throw new AppError(
      'nothing-found',
      'There is no finished participant to merge. Run the level `participant` first.',
    );
  }
  const known = new Set<string>();
  const people = new Set<string>();
  for (const folder of folders)
    await withPart(engine, folder, (part) => {
      for (const { path, person } of scansOf(part).list()) {
        known.add(path);
        people.add(person);
      }
    });
  // Of people that were worked on, files that were filtered out stay out; everyone else's are taken notice of.
  const leftOut = new Set<string>();
  await importScans(engine, input, job);
  for (const scan of engine.scans.list())
    if (people.has(scan.person) && !known.has(scan.path)) leftOut.add(scan.path);
  let done = 0;
  for (const folder of folders) {
    job.signal.throwIfAborted();
    await withPart(engine, folder, (part) => takePart(engine, part, leftOut));
    job.report({ phase: 'process', done: ++done, total: folders.length, message: '' });
  }
  job.report({ phase: 'tables', done: 0, total: 1, message: '' });
  await writeTables(engine);
}

async function partFolders(parts: string): Promise<string[]> {
  const entries = await readdir(parts, { withFileTypes: true }).catch(() => []);
  const folders: string[] = [];
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const files = await readdir(join(parts, name)).catch(() => [] as string[]);
    if (files.includes(studyFileName) && files.includes('done.json')) folders.push(join(parts, name));
  }
  return folders;
}

async function withPart(
  engine: Engine,
  folder: string,
  work: (part: Store) => void | Promise<void>,
): Promise<void> {
  const part = openStore(folder, { readOnly: true, newStudyId: () => '' });
  try {
    if (part.studyId !== engine.store.studyId) {
      throw new AppError(
        'part-foreign',
        'A part of the output was made from another data set. Merge only what was made from one data set.',
      );
    }
    await work(part);
  } finally {
    part.close();
  }
}

async function takePart(engine: Engine, part: Store, leftOut: ReadonlySet<string>): Promise<void> {
  const theirs = derivedOf(part);
  const { derived, scans } = engine;
  for (const { id, path } of scansOf(part).list()) {
    const scan: Scan | null = scans.byId(id);
    if (scan?.state !== 'ok' || leftOut.has(path)) continue;
    const prepared = theirs.prepared(id);
    if (prepared !== null && derived.prepared(id)?.inputKey !== prepared.inputKey) {
      const files = theirs.outputs(`prepared ${id}`);
      await copyFiles(part.folder, engine.store.folder, files);
      derived.savePrepared(prepared, files);
    }
    for (const defacing of theirs.defacings().filter(({ scanId }) => scanId === id)) {
      const logs = defacing.provenance.logPath;
      if (derived.defacing(id, defacing.tool)?.inputKey !== defacing.inputKey) {
        const files = theirs.outputs(`defacing ${defacing.id}`);
        await copyFiles(part.folder, engine.store.folder, files);
        if (logs !== null) await copyLog(part.folder, engine.store.folder, logs);
        derived.saveDefacing(defacing, files);
      }
      const measuredKey = theirs.measuredKey(defacing.id);
      const provenance = theirs.measuredProvenance(defacing.id);
      if (measuredKey !== null && provenance !== null && derived.measuredKey(defacing.id) !== measuredKey) {
        const files = theirs.outputs(`measured ${defacing.id}`);
        await copyFiles(part.folder, engine.store.folder, files);
        derived.saveMeasurement(
          { defacingId: defacing.id, inputKey: measuredKey, provenance },
          theirs.measurements(defacing.id),
          files,
        );
      }
      for (const { measurement, values } of predictorRowsOf(part).of(defacing.id))
        if (engine.predictorRows.key(defacing.id, measurement.group) !== measurement.inputKey)
          engine.predictorRows.save(measurement, values);
    }
  }
}

async function copyFiles(from: string, to: string, files: readonly OutputFile[]): Promise<void> {
  for (const { path, sha256: expected } of files) {
    const bytes = await readBytes(join(from, path));
    if (sha256(bytes) !== expected) {
      throw new AppError(
        'part-damaged',
        'A file of a participant is not as it was written. Remove that participant from the output and run it again.',
      );
    }
    await writeFileWhole(join(to, path), bytes, { partFolder: join(to, 'work') });
  }
}

/** A program's log is for people; one that is gone stops nothing. */
async function copyLog(from: string, to: string, path: string): Promise<void> {
  await mkdir(dirname(join(to, path)), { recursive: true });
  await copyFile(join(from, path), join(to, path)).catch(() => undefined);
}
