import { AppError } from '../api/appError.ts';
import type { GreyImage } from '../views/greyImage.ts';
import type { ViewName } from '../views/viewNames.ts';
import { sameGrid, voxelMl, type Mask, type Volume } from '../volume/volume.ts';
import type { Feature, FeatureContext } from './feature.ts';
import { features } from './features.ts';
import { brainLossPlaces } from '../regions/brainLossPlaces.ts';
import { measureFace, type FaceInput } from './faceMeasure.ts';
import { imageMeasures, type PreparedViews } from './imageMeasures.ts';
import { removedFrom, volumetricCounts } from './volumetricCounts.ts';

export interface MeasureInput {
  readonly original: Volume;
  readonly defaced: Volume;
  readonly brain: Mask | null;
  /** The original's views with their FSIM part (`prepareViews`), and the defacing's in the same frame; null for none. */
  readonly views: {
    readonly original: PreparedViews;
    readonly defaced: Readonly<Record<ViewName, GreyImage>>;
  } | null;
  /** The original's skin with its regions (`faceSurface`); none where it is left out. */
  readonly face?: FaceInput | null;
}

export interface Measured {
  readonly value: number | null;
  /** Why there is no value; null where there is one. */
  readonly reason: string | null;
  /** The version of the feature's meaning. */
  readonly version: number;
}

/** Every feature of one defacing by its id. Throws `wrong-grid` unless all volumes lie on the original's grid. */
export function measure(input: MeasureInput): Record<string, Measured> {
  const context = featureContext(input);
  return Object.fromEntries(
    features.map(({ id, version, compute }) => {
      const { value, reason } = compute(context);
      return [id, { value, reason: reason ?? null, version }];
    }),
  );
}

export function featureContext({
  original,
  defaced,
  brain,
  views,
  face = null,
}: MeasureInput): FeatureContext {
  if (!sameGrid(original, defaced) || (brain !== null && !sameGrid(original, brain))) {
    throw new AppError(
      'wrong-grid',
      'The defaced image and the brain mask must lie on the grid of the original.',
      {
        original: original.shape,
        defaced: defaced.shape,
        brain: brain?.shape ?? null,
      },
    );
  }
  return {
    counts: volumetricCounts({ original, defaced, brain }),
    voxelMl: voxelMl(original),
    hasBrain: brain !== null,
    images: views === null ? null : imageMeasures(views.original, views.defaced),
    face: face === null ? null : measureFace(face, original, defaced),
    brainPlaces:
      brain === null || face?.registration?.verdict !== 'good'
        ? null
        : brainLossPlaces(brain, face.registration, removedFrom(original, defaced)),
  };
}

/** What each column of a features table means, as the JSON sidecar of the table: by default the measurements of defacings. */
export function featureDictionary(
  columns: readonly Omit<Feature, 'compute'>[] = features,
): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    columns.map(({ id, version, title, unit, range, better, description }) => [
      id,
      {
        LongName: title,
        Description: description,
        Units: unit,
        Minimum: Number.isFinite(range[0]) ? range[0] : null,
        Maximum: Number.isFinite(range[1]) ? range[1] : null,
        Better: better,
        Version: version,
      },
    ]),
  );
}
