import { resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import { defacingPaths } from '../../src-shared/domain/outputNames.ts';
import { canonicalJson, type InputFacts } from '../../src-shared/domain/provenance.ts';
import type { Defacing, Scan } from '../../src-shared/domain/study.ts';
import { matchPairs, type ImageFile } from '../../src-shared/triage/matchPairs.ts';
import { sha256 } from '../files/hash.ts';
import { listCandidates } from '../files/listCandidates.ts';
import { probeNifti, readStored } from '../files/readVolume.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { TakeGivenData, TakeGivenResult } from '../workers/tasks/takeGiven.ts';
import type { Engine } from './engine.ts';
import { importScans } from './importScans.ts';
import { measureGiven } from './processScan.ts';
import { writeTables } from './writeTables.ts';

const version = '1';

/** Letters and digits of whoever made them, as it stands in place of a tool. */
export const givenTool = (label: string): string =>
  `given-${label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .slice(0, 32)}`;

/**
 * Defacings made elsewhere join the study: originals are imported, each defaced file is matched with its own by name,
 * subject or grid, taken as it is, drawn and measured. Throws `nothing-found` and `nothing-matched`.
 */
export async function takeGiven(
  engine: Engine,
  { originals, defaced, label }: { originals: string; defaced: string; label: string },
  job: JobContext,
): Promise<void> {
  const tool = givenTool(label);
  await importScans(engine, originals, job);
  const root = resolve(originals);
  const scans = engine.scans.list().filter(({ state, path }) => state === 'ok' && path.startsWith(root));
  const sources: (ImageFile & { scan: Scan })[] = [];
  for (const scan of scans) {
    const { grid } = await probeNifti(scan.path);
    sources.push({ path: scan.path, relativePath: scan.relativePath, grid, scan });
  }
  const { pairs, unmatched } = matchPairs(sources, await imagesBelow(engine, defaced, job.signal));
  for (const { file, reason } of unmatched)
    engine.scans.passOver({
      path: file.path,
      relativePath: file.relativePath,
      reason: 'no-original',
      sentence: reason,
    });
  if (pairs.length === 0) {
    throw new AppError(
      'nothing-matched',
      'No defaced file could be matched with an original. Name it like its original, or give both the same sub- and ses- labels.',
      { defaced: unmatched.length },
    );
  }
  let done = 0;
  await forEachInFlight(pairs, engine.pool.size, async ({ original, defaced: file, how }) => {
    const { scan } = original as (typeof sources)[number];
    await takeOne(engine, { scan, file, how, tool, label }, job);
    job.report({ phase: 'process', done: ++done, total: pairs.length, message: scan.relativePath });
  });
  job.report({ phase: 'tables', done: 0, total: 1, message: '' });
  await writeTables(engine);
}

async function imagesBelow(engine: Engine, folder: string, signal: AbortSignal): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  for await (const candidate of listCandidates(resolve(folder))) {
    signal.throwIfAborted();
    if (candidate.kind === 'skipped') continue;
    const { path, relativePath } = candidate;
    if (/(mask|_brain)\.(nii|hdr)(\.gz)?$/i.test(relativePath)) continue;
    try {
      files.push({ path, relativePath, grid: (await probeNifti(path)).grid });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      engine.scans.passOver({ path, relativePath, reason: error.code, sentence: error.message });
    }
  }
  if (files.length === 0) {
    throw new AppError(
      'nothing-found',
      'There is no image in this folder: no file whose name ends in .nii, .nii.gz or .hdr. DICOM has to be converted first.',
    );
  }
  return files;
}

async function takeOne(
  engine: Engine,
  { scan, file, how, tool, label }: { scan: Scan; file: ImageFile; how: string; tool: string; label: string },
  job: JobContext,
): Promise<void> {
  const { derived, store, pool } = engine;
  const { file: bytes, voxelFile } = await readStored(file.path);
  const facts: InputFacts = {
    inputs: { scan: scan.fileHash, defaced: sha256(bytes, ...(voxelFile === undefined ? [] : [voxelFile])) },
    maker: tool,
    makerVersion: version,
    settings: { label },
    seed: null,
  };
  const inputKey = sha256(Buffer.from(canonicalJson(facts)));
  const known = derived.defacing(scan.id, tool);
  const timed = engine.timed();
  let row = known;
  if (known?.inputKey !== inputKey) {
    const paths = defacingPaths(scan.name, tool);
    const data: TakeGivenData = {
      studyFolder: store.folder,
      originalPath: scan.path,
      defacedPath: file.path,
      paths,
      label,
      sidecar: scan.sidecar,
    };
    const { files, outcome, reason, sameHead } = (await pool.run('takeGiven', data, { signal: job.signal })) as TakeGivenResult; // prettier-ignore
    const made: Defacing = {
      id: derived.defacingId(scan.id, tool),
      scanId: scan.id,
      tool,
      inputKey,
      outcome,
      reason,
      path: files.length > 0 ? paths.image : null,
      maskPath: files.length > 0 ? paths.mask : null,
      proof: null,
      details: { given: true, matchedBy: how, sameHead },
      provenance: timed(facts),
    };
    derived.saveDefacing(made, files);
    row = made;
  }
  if (row !== null) await measureGiven(engine, scan, row, job);
}
