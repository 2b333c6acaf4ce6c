import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { ExportOptions, ExportRecord } from '../../src-shared/api/exportCalls.ts';
import type { OutputFile } from '../../src-shared/domain/study.ts';
import {
  bidsIgnore,
  changesText,
  datasetDescription,
  manifestText,
  prettyJson,
  readmeText,
  type DatasetFacts,
} from '../../src-shared/release/datasetFiles.ts';
import { imageSidecar, maskSidecar } from '../../src-shared/release/exportSidecar.ts';
import { participantsTable } from '../../src-shared/release/participantsTable.ts';
import { qaTable } from '../../src-shared/release/qaTable.ts';
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
import { planExport, type ExportPlan, type PlannedExport } from './planExport.ts';

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
    await writeTexts(engine, plan, { options, staging, images });
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

const processingWords = {
  none: [],
  'z-score': ['Intensity normalised: mean 0 and standard deviation 1 in the brain'],
  'white-stripe': ['Intensity normalised: mean 0 and standard deviation 1 in the white stripe'],
} as const;

async function writeTexts(
  engine: Engine,
  plan: ExportPlan,
  {
    options,
    staging,
    images,
  }: { options: ExportOptions; staging: string; images: ReadonlyMap<string, ExportImageResult> },
): Promise<void> {
  const write = async (path: string, text: string): Promise<void> => {
    await writeOutput(staging, path, text);
  };
  const facts = datasetFacts(engine, plan, options);
  for (const item of plan.items) await writeSidecars(item, { engine, options, scale: images.get(item.defacing.id)?.scale ?? null, write }); // prettier-ignore
  const qa = qaTable(
    plan.items.map(({ scan, defacing, paths, by, name, acquisition }) => ({
      file: paths.image,
      participant: `sub-${name.person}`,
      contrast: scan.modality,
      tool: defacing.tool,
      toolVersion: defacing.provenance.makerVersion,
      accepted: by === 'acceptance',
      scanner: scannerOf(acquisition),
      features: engine.derived.features(defacing.id),
    })),
    { criterion: options.criterion, harmonise: options.harmonise },
  );
  const people = participantsTable(plan.people);
  await write('README.md', readmeText({ ...facts, processing: [...facts.processing, ...qa.notes] }));
  await write('qa.tsv', qa.tsv);
  await write('qa.json', prettyJson(qa.dictionary));
  await write('participants.tsv', people.tsv);
  await write('participants.json', prettyJson(people.json));
  if (options.layout === 'plain') return;
  await write('dataset_description.json', datasetDescription(facts));
  await write('CHANGES', changesText(facts));
  await write('.bidsignore', bidsIgnore);
}

/** Maker, model and field strength, as far as they may leave. */
const scannerOf = (acquisition: Readonly<Record<string, unknown>>): string =>
  ['Manufacturer', 'ManufacturersModelName', 'MagneticFieldStrength']
    .map((key) => acquisition[key])
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');

async function writeSidecars(
  { scan, defacing, name, paths, acquisition }: PlannedExport,
  { engine, options, scale, write }: {
    engine: Engine;
    options: ExportOptions;
    scale: ExportImageResult['scale'];
    write: (path: string, text: string) => Promise<void>;
  }, // prettier-ignore
): Promise<void> {
  if (paths.sidecar === null) return;
  const tool = toolOf(engine, defacing.tool, defacing.provenance.makerVersion);
  const folder = paths.image.slice(0, paths.image.lastIndexOf('/'));
  const source = `bids:raw:${folder}/${name.stem}_${name.suffix}.nii.gz`;
  const base = { acquisition, tool, source, skullStripped: false };
  const said = processingWords[options.normalise];
  await write(
    paths.sidecar,
    prettyJson(imageSidecar({ ...base, description: `${scan.modality} without its face`, processing: [] })),
  );
  if (paths.maskSidecar !== null) await write(paths.maskSidecar, prettyJson(maskSidecar(tool, source)));
  const scaled = scale === null ? {} : { IntensityCentre: scale.centre, IntensityScale: scale.scale };
  const derivedFrom = { ...base, source: `bids::${paths.image}` };
  const beside = async (path: string | null, processing: readonly string[], more: object): Promise<void> => {
    if (path === null) return;
    const sidecar = imageSidecar({ ...derivedFrom, description: `${scan.modality} without its face, processed`, processing }); // prettier-ignore
    await write(path.replace(/\.nii\.gz$/, '.json'), prettyJson({ ...sidecar, ...scaled, ...more }));
  };
  await beside(paths.normalised, said, {});
  await beside(paths.resampled, [...said, 'Resampled to a straight grid of 1 mm, RAS+, trilinear'], {
    Resolution: '1 mm in every direction, axes along right, anterior and superior',
  });
}

const toolOf = (
  { tools }: Engine,
  id: string,
  version: string,
): { id: string; title: string; version: string } => ({
  id,
  title: tools.find((tool) => tool.id === id)?.title ?? id,
  version: version === 'unknown' ? '' : version,
});

function datasetFacts(engine: Engine, { items, people }: ExportPlan, options: ExportOptions): DatasetFacts {
  const tools = new Map(
    items.map(({ defacing }) => {
      const tool = toolOf(engine, defacing.tool, defacing.provenance.makerVersion);
      return [`${tool.id} ${tool.version}`, tool];
    }),
  );
  const processing: string[] = [];
  if (options.normalise !== 'none')
    processing.push(
      `Images with \`Zscore\` or \`Whitestripe\` in their \`desc\`: ${processingWords[options.normalise][0]}`,
    );
  if (options.oneMillimetre)
    processing.push('Images with `res-1mm`: resampled to a straight grid of 1 mm, RAS+');
  return {
    name: options.name,
    software: engine.software,
    criterion: options.criterion,
    version: options.version,
    date: engine.clock.now().slice(0, 10),
    authors: options.authors,
    licence: options.licence ?? null,
    studyId: engine.store.studyId,
    scans: items.length,
    persons: people.length,
    tools: [...tools.values()],
    acceptedExceptions: items.filter(({ by }) => by === 'acceptance').length,
    processing,
    newLabels: options.labelling === 'new',
  };
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
