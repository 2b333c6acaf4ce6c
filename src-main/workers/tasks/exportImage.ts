import { shownVolume } from '../../../src-shared/volume/shownVolume.ts';
import { join } from 'node:path';
import { AppError } from '../../../src-shared/api/appError.ts';
import type { OutputFile } from '../../../src-shared/domain/study.ts';
import { rescaled, type IntensityScale } from '../../../src-shared/intensity/brainStatistics.ts';
import { whiteStripe } from '../../../src-shared/intensity/whiteStripe.ts';
import { zScore } from '../../../src-shared/intensity/zScore.ts';
import { headerTexts, withoutText } from '../../../src-shared/volume/headerText.ts';
import { parseNiftiImage } from '../../../src-shared/volume/nifti.ts';
import { oneMillimetreGrid } from '../../../src-shared/volume/oneMillimetre.ts';
import { resample, resampleMask } from '../../../src-shared/volume/resample.ts';
import type { Mask, Volume } from '../../../src-shared/volume/volume.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { sha256 } from '../../files/hash.ts';
import { pack } from '../../files/pack.ts';
import { readBytes } from '../../files/readBytes.ts';
import { readMask, readNifti } from '../../files/readVolume.ts';
import { writeOutput } from '../outputs.ts';

export interface ExportImageData {
  readonly studyFolder: string;
  /** Of the study, with the hashes they were recorded with. */
  readonly image: OutputFile;
  readonly mask: OutputFile;
  /** Below the study folder, or null for none. */
  readonly brainPath: string | null;
  readonly contrast: string;
  /** Where the data set is put together. */
  readonly outFolder: string;
  readonly paths: {
    readonly image: string;
    readonly mask: string | null;
    readonly normalised: string | null;
    readonly resampled: string | null;
  };
  readonly normalise: 'none' | 'z-score' | 'white-stripe';
}

export interface ExportImageResult {
  readonly files: readonly OutputFile[];
  /** Of a normalised image, else null. */
  readonly scale: IntensityScale | null;
}

/**
 * One defacing on its way out: header text emptied, gzip header silent, every stored voxel as it was; beside it what was
 * asked for. Throws `export-source-changed` where the study's file is not the one that was recorded, and
 * `export-not-proven` where what was written does not read back as it must.
 */
export async function exportImage(data: ExportImageData): Promise<ExportImageResult> {
  const { studyFolder, outFolder, paths, normalise } = data;
  for (const file of [data.image, data.mask]) {
    if (sha256(await readBytes(join(studyFolder, file.path))) !== file.sha256) {
      throw new AppError(
        'export-source-changed',
        'A defaced image of the study is not as it was written, so nothing was exported. Verify the study and run the batch again.',
      );
    }
  }
  const image = await readNifti(join(studyFolder, data.image.path));
  const files: OutputFile[] = [];
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    files.push(await writeOutput(outFolder, path, await pack(bytes)));
  };
  const clean = withoutText(image);
  prove(clean, image.stored);
  await write(paths.image, clean);
  const removed = await readMask(join(studyFolder, data.mask.path), image.grid);
  if (paths.mask !== null) await write(paths.mask, encodeNifti(removed));
  let volume: Volume = shownVolume(image);
  let scale: IntensityScale | null = null;
  if (normalise !== 'none') {
    const brain = await brainOf(data, removed);
    scale = normalise === 'z-score' ? zScore(volume, brain) : whiteStripe(volume, brain, data.contrast);
    volume = rescaled(volume, scale, removed);
    if (paths.normalised !== null) await write(paths.normalised, encodeNifti(volume));
  }
  if (paths.resampled !== null) {
    const onto = oneMillimetreGrid(image.grid);
    const drawn = resample(volume, { onto });
    // Interpolation would let what was kept bleed into what was removed.
    const gone = resampleMask(removed, { onto });
    for (let n = 0; n < drawn.values.length; n++) if (gone.bits[n] !== 0) drawn.values[n] = 0;
    await write(paths.resampled, encodeNifti(drawn));
  }
  return { files, scale };
}

function prove(bytes: Uint8Array, stored: Uint8Array): void {
  const written = parseNiftiImage(bytes);
  const same = Buffer.compare(written.stored, stored) === 0;
  const ends = written.header.voxelOffset + written.header.voxelBytes === bytes.length;
  if (!same || !ends || headerTexts(written).length > 0) {
    throw new AppError(
      'export-not-proven',
      'An image did not read back as it must, so nothing was exported.',
    );
  }
}

/** The brain that is still there. */
async function brainOf({ studyFolder, brainPath }: ExportImageData, removed: Mask): Promise<Mask> {
  if (brainPath === null) {
    throw new AppError(
      'brain-mask-empty',
      'The brain mask of this scan is empty, so its intensities can not be normalised.',
    );
  }
  const brain = await readMask(join(studyFolder, brainPath), removed);
  return { ...brain, bits: brain.bits.map((bit, n) => (removed.bits[n] === 0 ? bit : 0)) };
}
