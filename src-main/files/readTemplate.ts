import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { Template } from '../../src-shared/registration/template.ts';
import { sameGrid, type Volume } from '../../src-shared/volume/volume.ts';
import { readVolume } from './readVolume.ts';

/** Stored steps of the head's intensities and of the brain probability; see resources/template/README.md. */
const headSteps = 63;
const brainSteps = 50;

/**
 * The shipped template head, intensities with the brain's mean at one half, brain 0 to 1. `folder` is found beside the
 * sources or the bundle unless given. Throws `template-missing`, `template-damaged`, and what `readVolume` throws.
 */
export async function readTemplate(folder: string = templateFolder()): Promise<Template> {
  const [head, brain, known, regions] = await Promise.all(
    ['head', 'brain', 'known', 'regions'].map((name) => readVolume(join(folder, `${name}.nii.gz`))),
  );
  if (![brain, known, regions].every((volume) => sameGrid(volume, head))) {
    throw new AppError(
      'template-damaged',
      'The files of the template head do not belong together. Install the program again.',
    );
  }
  const { shape, affine } = head;
  return {
    shape,
    affine,
    head: shares(head, headSteps),
    brain: shares(brain, brainSteps),
    known,
    labels: { shape, affine, labels: Uint8Array.from(regions.values) },
  };
}

const shares = (volume: Volume, steps: number): Volume => ({
  ...volume,
  values: Float32Array.from(volume.values, (step) => step / steps),
});

/** The nearest resources/template upwards from this file. Throws `template-missing`. */
export function templateFolder(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources', 'template');
    if (existsSync(join(candidate, 'head.nii.gz'))) return besideArchive(candidate);
    if (dirname(folder) === folder) {
      throw new AppError(
        'template-missing',
        'The template head is not installed. Install the program again.',
      );
    }
  }
}

/** In a packaged application these files lie beside its archive, where programs of others can read them too. */
const besideArchive = (path: string): string => path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
