import { AppError } from '../../src-shared/api/appError.ts';
import { defacingPaths } from '../../src-shared/domain/outputNames.ts';
import { canonicalJson, type InputFacts } from '../../src-shared/domain/provenance.ts';
import type { Defacing, Scan } from '../../src-shared/domain/study.ts';
import { matchPairs, type ImageFile } from '../../src-shared/triage/matchPairs.ts';
import { sha256 } from '../files/hash.ts';
import { readStored } from '../files/readVolume.ts';
import { forEachInFlight } from '../jobs/inFlight.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { TakeGivenData, TakeGivenResult } from '../workers/tasks/takeGiven.ts';
import type { Engine } from './engine.ts';
import { importScans } from './importScans.ts';
import { alreadyMatched, imagesBelow, oneEach, sourceScans, type SourceScan } from './matchGiven.ts';
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
  {
    originals,
    defaced,
    label,
    leaveOut,
  }: {
    /** null for the scans of the study. */
    originals: string | null;
    defaced: string;
    label: string;
    /** Defaced files below their folder that stay out. */
    leaveOut: ReadonlySet<string>;
  },
  job: JobContext,
): Promise<void> {
  const tool = givenTool(label);
  if (originals !== null) await importScans(engine, originals, job);
  const sources = await sourceScans(engine, originals);
  const { files, refused } = await imagesBelow(defaced, job.signal);
  const wanted = files.filter(({ relativePath }) => !leaveOut.has(relativePath));
  const { pairs: all, unmatched } = matchPairs(sources, wanted);
  const { first: pairs, doubled } = oneEach(all);
  const passOver = ({ path, relativePath }: ImageFile, reason: string, sentence: string): void =>
    engine.scans.passOver({ path, relativePath, reason, sentence });
  for (const one of refused) engine.scans.passOver(one);
  for (const { file, reason } of unmatched) passOver(file, 'no-original', reason);
  for (const { defaced: file } of doubled) passOver(file, 'no-original', alreadyMatched);
  if (pairs.length === 0) {
    throw new AppError(
      'nothing-matched',
      'No defaced file could be matched with an original. Name it like its original, or give both the same sub- and ses- labels.',
      { defaced: unmatched.length },
    );
  }
  let done = 0;
  await forEachInFlight(pairs, engine.pool.size, async ({ original, defaced: file, how }) => {
    const { scan } = original as SourceScan;
    await takeOne(engine, { scan, file, how, tool, label }, job);
    job.report({ phase: 'process', done: ++done, total: pairs.length, message: scan.relativePath });
  });
  job.report({ phase: 'tables', done: 0, total: 1, message: '' });
  await writeTables(engine);
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
