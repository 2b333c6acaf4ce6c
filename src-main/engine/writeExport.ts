import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { ExportOptions, ExportRecord } from '../../src-shared/api/exportCalls.ts';
import type { OutputFile } from '../../src-shared/domain/study.ts';
import { manifestText } from '../../src-shared/release/datasetFiles.ts';
import { sha256 } from '../files/hash.ts';
import { readBytes } from '../files/readBytes.ts';
import { isBelow } from '../files/insideOf.ts';
import { writeError } from '../files/writeFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { findBidsValidator, validateBids } from '../release/bidsValidator.ts';
import { filesBelow, readBack } from '../release/readBack.ts';
import { writeOutput } from '../workers/outputs.ts';
import type { ExportImageData, ExportImageResult } from '../workers/tasks/exportImage.ts';
import type { Engine } from './engine.ts';
import { planExport, type ExportPlan } from './planExport.ts';
import { writeExportTexts } from './writeExportTexts.ts';

/**
 * Writes what may leave into a folder that does not exist yet or is empty: put together beside it, read back, checked,
 * then renamed into place, so that it is there whole or not at all. Throws `export-folder-used`, `export-inside-study`,
 * `export-empty`, `export-leak`, `export-not-valid`, and what writing can throw.
 */
export async function writeExport(
  engine: Engine,
  { folder, options, by }: { folder: string; options: ExportOptions; by: string | null },
  job: JobContext,
): Promise<ExportRecord> {
  const target = resolve(folder);
  await requireUsable(engine, target);
  job.report({ phase: 'export', done: 0, total: null, message: '' });
  const plan = await planExport(engine, options);
  if (plan.items.length === 0) {
    throw new AppError(
      'export-empty',
      'Nothing may leave under this criterion yet. The preview says of each defacing what holds it back.',
      { heldBack: plan.heldBack.length },
    );
  }
  const staging = join(dirname(target), `.${basename(target)}.defaceqa-part`);
  await rm(staging, { recursive: true, force: true });
  try {
    await mkdir(staging, { recursive: true }).catch((cause: unknown) => {
      throw writeError(cause);
    });
    const images = await writeImages(engine, plan, { options, staging }, job);
    await writeExportTexts(engine, plan, { options, staging, images });
    // Parts of files lay there while they were written.
    await rm(join(staging, 'work'), { recursive: true, force: true });
    job.report({ phase: 'export-check', done: 0, total: 1, message: '' });
    await requireNoLeak(staging, plan);
    const validator = options.layout === 'bids' ? await validated(engine, staging, job.signal) : null;
    const manifest = await writeManifest(staging);
    job.signal.throwIfAborted();
    await rm(target, { recursive: true, force: true });
    await rename(staging, target).catch((cause: unknown) => {
      throw writeError(cause);
    });
    const row = {
      folder: target,
      options,
      images: plan.items.length,
      heldBack: plan.heldBack.length,
      files: manifest.files,
      manifestSha256: manifest.sha256,
      validator,
      software: engine.software,
      at: engine.clock.now(),
    };
    return { id: remember(engine, plan, row, by), ...row };
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function requireUsable({ store }: Engine, target: string): Promise<void> {
  if (isBelow(resolve(store.folder), target)) {
    throw new AppError(
      'export-inside-study',
      'What leaves the building can not lie inside the study, which holds the faces. Choose another folder.',
    );
  }
  const there = await readdir(target).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT') return [];
    throw code === 'ENOTDIR' ? used() : writeError(cause);
  });
  if (there.length > 0) throw used();
}

const used = (): AppError =>
  new AppError(
    'export-folder-used',
    'This folder is not empty. An export is written whole into a new folder; name one that does not exist yet.',
  );

async function writeImages(
  engine: Engine,
  plan: ExportPlan,
  { options, staging }: { options: ExportOptions; staging: string },
  job: JobContext,
): Promise<Map<string, ExportImageResult>> {
  const results = new Map<string, ExportImageResult>();
  const failed = new AbortController();
  const signal = AbortSignal.any([job.signal, failed.signal]);
  let done = 0;
  const settled = await Promise.allSettled(
    plan.items.map(async (item) => {
      const { image, mask, normalised, resampled } = item.paths;
      const data: ExportImageData = {
        studyFolder: engine.store.folder,
        image: item.image,
        mask: item.mask,
        brainPath: engine.derived.prepared(item.scan.id)?.brain.path ?? null,
        contrast: item.scan.modality,
        outFolder: staging,
        paths: { image, mask, normalised, resampled },
        normalise: options.normalise,
      };
      try {
        const result = (await engine.pool.run('exportImage', data, { signal })) as ExportImageResult;
        results.set(item.defacing.id, result);
        job.report({ phase: 'export', done: ++done, total: plan.items.length, message: item.scan.name });
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
  // Every thread has let go of the folder by now: what failed can be taken away whole.
  const failure = settled.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
  return results;
}

async function requireNoLeak(staging: string, plan: ExportPlan): Promise<void> {
  const leaks = await readBack(staging, plan.tokens);
  if (leaks.length === 0) return;
  const [{ place, kind }] = leaks;
  throw new AppError(
    'export-leak',
    `Something known of a person was found in what would leave (${place}, ${kind}), so nothing was exported. ${leaks.length} such places in all.`,
    {
      leaks: leaks.slice(0, 20).map((leak) => ({ place: leak.place, kind: leak.kind })),
      count: leaks.length,
    },
  );
}

async function validated(
  engine: Engine,
  staging: string,
  signal: AbortSignal,
): Promise<ExportRecord['validator']> {
  const program = await findBidsValidator(engine.programs.inherited);
  if (program === null) return null;
  const answer = await validateBids(program, staging, engine.programs.inherited, signal);
  const errors = answer.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new AppError(
      'export-not-valid',
      `The BIDS validator found ${errors.length} errors in what would leave (${errors[0].code}), so nothing was exported.`,
      { codes: [...new Set(errors.map(({ code, subCode }) => `${code} ${subCode ?? ''}`.trim()))] },
    );
  }
  return answer;
}

async function writeManifest(staging: string): Promise<{ files: number; sha256: string }> {
  const entries = await Promise.all(
    (await filesBelow(staging)).map(async (path) => ({
      path,
      sha256: sha256(await readBytes(join(staging, path))),
    })),
  );
  const written: OutputFile = await writeOutput(staging, 'manifest-sha256.txt', manifestText(entries));
  await rm(join(staging, 'work'), { recursive: true, force: true });
  return { files: entries.length + 1, sha256: written.sha256 };
}

/** The export, and the labels it gave, in one step. */
function remember(
  engine: Engine,
  plan: ExportPlan,
  row: Omit<ExportRecord, 'id'>,
  by: string | null,
): number {
  const { release, log } = engine;
  return release.atOnce(() => {
    if (row.options.labelling === 'new') {
      const known = release.labels();
      for (const [person, label] of plan.labels) if (!known.has(person)) release.addLabel(person, label);
    }
    const id = release.addExport(row);
    engine.records.append({
      kind: 'exported',
      accountId: by,
      at: row.at,
      body: { ...row, defacings: plan.items.map(({ defacing, by: how, image }) => ({ defacingId: defacing.id, by: how, imageSha256: image.sha256 })) }, // prettier-ignore
    });
    log('exported', { export: id, images: row.images, files: row.files, manifest: row.manifestSha256, by });
    return id;
  });
}
