import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import { applyRemoval } from '../../../src-shared/defacers/applyRemoval.ts';
import { prepareViews } from '../../../src-shared/features/imageMeasures.ts';
import { measure } from '../../../src-shared/features/measure.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { faceSurface } from '../../../src-shared/regions/faceSurface.ts';
import { registerToTemplate } from '../../../src-shared/registration/registerToTemplate.ts';
import {
  fsimLibrary,
  fsimReference,
  prepareLibraryFsim,
  prepareReferenceFsim,
} from '../../../src-shared/similarity/fsim.ts';
import { psnr, rmse } from '../../../src-shared/similarity/pixelErrors.ts';
import { ssim } from '../../../src-shared/similarity/ssim.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { renderViews } from '../../../src-shared/views/renderViews.ts';
import { frameOf } from '../../../src-shared/views/viewFrame.ts';
import { viewNames } from '../../../src-shared/views/viewNames.ts';
import { spacingOf } from '../../../src-shared/volume/affine.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { inspectFile } from '../../files/inspectFile.ts';
import { decodePng, encodePng } from '../../files/png.ts';
import { findBrainMask } from '../../files/findBrainMask.ts';
import { readMask, readNifti, readVolume } from '../../files/readVolume.ts';
import { readTemplate } from '../../files/readTemplate.ts';
import { writeFileWhole } from '../../files/writeFile.ts';
import { writeImage, writeNiftiBytes } from '../../files/writeNiftiFile.ts';
import { builtInTools } from '../../tools/tools.ts';
import { brainOf } from '../../workers/brainOf.ts';
import { makeRemoval } from '../../workers/builtInRemovals.ts';
import { registered } from '../../workers/registered.ts';
import { show, type OutputOptions } from './terminal.ts';

const lines = (value: object): string =>
  Object.entries(value)
    .map(
      ([key, part]) => `${key.padEnd(20)} ${typeof part === 'object' ? JSON.stringify(part) : String(part)}`,
    )
    .join('\n');

export async function probeCommand(path: string, options: OutputOptions): Promise<void> {
  const found = await inspectFile({ kind: 'file', path, relativePath: basename(path), bytes: 0 });
  const { state, reason, errorCode, identity, image, fileHash, contentHash } = found;
  const value = { state, reason, errorCode, modality: identity.modality, ...image, fileHash, contentHash };
  if (state === 'unreadable') throw new AppError(errorCode ?? 'unreadable', reason, { state });
  show(options, value, () => lines(value));
}

async function brainFor(path: string) {
  const scan = await readVolume(path);
  const registration = registerToTemplate(scan, await readTemplate());
  return brainOf({ scan, head: findHead(scan), registration, ownBrainPath: await findBrainMask(path) });
}

export async function brainMaskCommand(
  path: string,
  options: OutputOptions & { out: string },
): Promise<void> {
  const { mask, ...facts } = await brainFor(path);
  if (mask === null) throw new AppError('brain-mask-missing', facts.reason);
  await writeImage(options.out, mask);
  show(options, facts, () => lines(facts));
  if (!facts.plausible) process.exitCode = 2;
}

interface DefaceOptions extends OutputOptions {
  readonly tool: string;
  readonly out: string;
  readonly mask?: string;
  readonly brain?: string;
}

export async function defaceCommand(path: string, options: DefaceOptions): Promise<void> {
  const tool = builtInTools.find(({ id }) => id === options.tool);
  if (tool === undefined) {
    const known = builtInTools.map(({ id }) => id).join(', ');
    throw new AppError('tool-unknown', `There is no tool of this name. There are: ${known}.`, {
      tool: options.tool,
    });
  }
  const image = await readNifti(path);
  const scan = image.volume();
  const registration = registerToTemplate(scan, await readTemplate());
  const found = await brainOf({
    scan,
    head: findHead(scan),
    registration,
    ownBrainPath: options.brain ?? (await findBrainMask(path)),
  });
  if (tool.needsBrain && !found.plausible) throw new AppError('brain-mask-missing', found.reason);
  const { removal, details } = await makeRemoval(tool.id, {
    image,
    brain: found.mask,
    registration,
    settings: tool.defaults,
  });
  const { bytes, proof } = applyRemoval({ image, removal, brain: found.mask ?? undefined, clearText: true });
  if (proof.alteredVoxels === 0) {
    throw new AppError(
      'nothing-removed',
      'What this tool would remove is empty already. Nothing was written.',
    );
  }
  if (options.mask !== undefined) await writeImage(options.mask, removal);
  await writeNiftiBytes(options.out, bytes);
  show(options, { ...proof, details }, () => lines(proof));
}

export async function viewsCommand(
  path: string,
  options: OutputOptions & { out: string; frame?: string },
): Promise<void> {
  const volume = await readVolume(path);
  const framed = options.frame === undefined ? volume : await readVolume(options.frame);
  const views = renderViews(volume, frameOf(findHead(framed)));
  const files = viewNames.map((name) => join(options.out, `${name}.png`));
  for (const [n, name] of viewNames.entries()) await writeFileWhole(files[n], encodePng(views[name]));
  show(options, { files }, () => files.join('\n'));
}

export async function featuresCommand(
  originalPath: string,
  defacedPath: string,
  options: OutputOptions & { brain?: string },
): Promise<void> {
  const [original, defaced] = [await readVolume(originalPath), await readVolume(defacedPath)];
  const brain = options.brain === undefined ? null : await readMask(options.brain, original);
  const frame = frameOf(findHead(original));
  const views = {
    original: prepareViews(renderViews(original, frame)),
    defaced: renderViews(defaced, frame),
  };
  const template = await readTemplate();
  const registration = await registered(original);
  const surface = faceSurface({ scan: original, level: frame, registration, template });
  const measured = measure({
    original,
    defaced,
    brain,
    views,
    face: { surface, level: frame, registration },
  });
  const values = Object.fromEntries(Object.entries(measured).map(([id, { value }]) => [id, value]));
  const reasons = Object.fromEntries(
    Object.entries(measured).flatMap(([id, { reason }]) => (reason === null ? [] : [[id, reason]])),
  );
  show(options, { ...values, reasons }, () => lines({ ...values, ...reasons }));
}

export async function similarityCommand(a: string, b: string, options: OutputOptions): Promise<void> {
  const [reference, test] = [decodePng(await readFile(a)), decodePng(await readFile(b))];
  const finite = (value: number | null): number | null =>
    value !== null && Number.isFinite(value) ? value : null;
  const value = {
    rmse: finite(rmse(reference, test)),
    psnr: finite(psnr(reference, test)),
    ssim: finite(ssim(reference, test)),
    fsim_reference: finite(fsimReference(prepareReferenceFsim(reference), test)),
    fsim_library: finite(fsimLibrary(prepareLibraryFsim(reference), test)),
  };
  show(options, value, () => lines(value));
}

export async function phantomCommand(
  options: OutputOptions & { seed: number; out: string; spacing: number },
): Promise<void> {
  const { volume, labels } = phantomHead({ seed: options.seed, spacingMm: options.spacing });
  const subject = `sub-phantom${options.seed}`;
  // The truth lies where the main job does not take it for a scan.
  const files = [
    join(options.out, `${subject}_T1w.nii.gz`),
    join(options.out, 'derivatives', 'truth', `${subject}_dseg.nii.gz`),
  ];
  await writeNiftiBytes(files[0], encodeNifti(volume));
  await writeImage(files[1], labels);
  const facts = { files, shape: volume.shape, spacingMm: spacingOf(volume.affine) };
  show(options, facts, () => files.join('\n'));
}
