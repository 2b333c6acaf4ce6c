import { AppError } from '../../src-shared/api/appError.ts';
import { facemask } from '../../src-shared/defacers/facemask.ts';
import { shear } from '../../src-shared/defacers/shear.ts';
import type { Registration } from '../../src-shared/registration/registerToTemplate.ts';
import type { Template } from '../../src-shared/registration/template.ts';
import type { NiftiImage } from '../../src-shared/volume/nifti.ts';
import type { Mask } from '../../src-shared/volume/volume.ts';
import { readTemplate } from '../files/readTemplate.ts';

export interface RemovalInput {
  readonly image: NiftiImage;
  readonly brain: Mask | null;
  readonly registration: Registration | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface MadeRemoval {
  readonly removal: Mask;
  readonly details: Readonly<Record<string, unknown>>;
}

const removals = {
  'quickshear-builtin': ({ brain, settings }: RemovalInput): MadeRemoval => {
    if (brain === null) {
      throw new AppError('brain-mask-empty', 'This tool needs a brain mask and there is none.');
    }
    const { removal, plane } = shear({ brain, bufferMm: numberOf(settings, 'bufferMm') });
    return { removal, details: { plane } };
  },
  'facemask-builtin': async ({
    image,
    brain,
    registration,
    settings,
  }: RemovalInput): Promise<MadeRemoval> => {
    if (registration === null) {
      throw new AppError('registration-no-signal', 'There is no head in this image to find a face on.');
    }
    const { removal, sparedVoxels, brainFrom } = facemask({
      scan: image.volume(0),
      brain,
      template: await sharedTemplate(),
      registration,
      options: {
        marginMm: numberOf(settings, 'marginMm'),
        brainMarginMm: numberOf(settings, 'brainMarginMm'),
        ears: settings.ears === true,
      },
    });
    return { removal, details: { sparedVoxels, brainFrom } };
  },
};

export type BuiltInId = keyof typeof removals;

/** The removal mask of a built-in tool, on the image's own grid. Errors of the method itself. */
export const makeRemoval = async (tool: BuiltInId, input: RemovalInput): Promise<MadeRemoval> =>
  removals[tool](input);

function numberOf(settings: Readonly<Record<string, unknown>>, name: string): number {
  const value = settings[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new AppError(
    'tool-setting',
    'A setting of this tool is not a number. Correct it and run the same again.',
    {
      setting: name,
    },
  );
}

let template: Promise<Template> | null = null;

/** The template head, read once per thread. */
export function sharedTemplate(): Promise<Template> {
  template ??= readTemplate().catch((error: unknown) => {
    template = null;
    throw error;
  });
  return template;
}
