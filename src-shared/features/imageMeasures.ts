import {
  fsimLibrary,
  fsimReference,
  prepareLibraryFsim,
  prepareReferenceFsim,
  type PreparedPicture,
} from '../similarity/fsim.ts';
import { psnr, rmse } from '../similarity/pixelErrors.ts';
import { ssim } from '../similarity/ssim.ts';
import type { GreyImage } from '../views/greyImage.ts';
import { viewNames, type ViewName } from '../views/viewNames.ts';
import { valueOrReason, type FeatureValue } from './feature.ts';

/** The reference part of both FSIM variants for each view of an original: made once a scan, used for each defacing. */
export type PreparedViews = Readonly<
  Record<
    ViewName,
    { readonly image: GreyImage; readonly reference: PreparedPicture; readonly library: PreparedPicture }
  >
>;

export function prepareViews(views: Readonly<Record<ViewName, GreyImage>>): PreparedViews {
  return Object.fromEntries(
    viewNames.map((name) => {
      const image = views[name];
      return [name, { image, reference: prepareReferenceFsim(image), library: prepareLibraryFsim(image) }];
    }),
  ) as unknown as PreparedViews;
}

export const imageMeasureIds = ['rmse', 'psnr', 'ssim', 'fsim_reference', 'fsim_library'] as const;
export type ImageMeasureId = (typeof imageMeasureIds)[number];
export type ImageMeasures = Readonly<Record<ImageMeasureId, FeatureValue>>;

/** Each measure as the mean over the five views. Identical views have FSIM 1; what is undefined is null with a reason. */
export function imageMeasures(
  original: PreparedViews,
  defaced: Readonly<Record<ViewName, GreyImage>>,
): ImageMeasures {
  const perView = viewNames.map((name) => compareView(original[name], defaced[name]));
  const meanOf = (id: ImageMeasureId): FeatureValue => {
    const values = perView.map((view) => view[id]);
    const bad = values.findIndex((value) => value === null || !Number.isFinite(value));
    if (bad >= 0) return valueOrReason(null, `${undefinedReasons[id]} (${viewNames[bad]} view)`);
    return { value: values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length };
  };
  return Object.fromEntries(imageMeasureIds.map((id) => [id, meanOf(id)])) as unknown as ImageMeasures;
}

const undefinedReasons: Readonly<Record<ImageMeasureId, string>> = {
  rmse: 'The pictures cannot be compared',
  psnr: 'The pictures of a view are identical, which has no finite signal to noise ratio',
  ssim: 'The pictures are smaller than the window',
  fsim_reference: 'A picture without any structure has no phase congruency',
  fsim_library: 'A picture without any structure has no phase congruency',
};

function compareView(
  { image, reference, library }: PreparedViews[ViewName],
  test: GreyImage,
): Record<ImageMeasureId, number | null> {
  const error = rmse(image, test);
  const identical = error === 0;
  return {
    rmse: error,
    psnr: psnr(image, test),
    ssim: ssim(image, test),
    fsim_reference: identical ? 1 : fsimReference(reference, test),
    fsim_library: identical ? 1 : fsimLibrary(library, test),
  };
}
