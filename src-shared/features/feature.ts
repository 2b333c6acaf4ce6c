import type { BrainLossByPlace } from '../regions/brainLossPlaces.ts';
import type { FaceMeasure } from './faceMeasure.ts';
import type { ImageMeasures } from './imageMeasures.ts';
import type { VolumetricCounts } from './volumetricCounts.ts';

/** One number about a defacing, or none and why. */
export type FeatureValue =
  { readonly value: number; readonly reason?: undefined } | { readonly value: null; readonly reason: string };

/** What is computed once for all features of a defacing. */
export interface FeatureContext {
  readonly counts: VolumetricCounts;
  readonly voxelMl: number;
  /** Whether a brain mask was given. */
  readonly hasBrain: boolean;
  /** Means over the five views; null where no views were drawn. */
  readonly images: ImageMeasures | null;
  /** What is left of the face; null where it was not asked for. */
  readonly face: FaceMeasure | null;
  /** Brain that was removed by its place, ml; null without a brain mask or a registration. */
  readonly brainPlaces: BrainLossByPlace | null;
}

export interface Feature {
  /** Name in tables and files. */
  readonly id: string;
  /** Raised when the number changes its meaning. */
  readonly version: number;
  readonly title: string;
  readonly unit: string;
  /** Smallest and largest possible value; Infinity where there is no bound. */
  readonly range: readonly [lowest: number, highest: number];
  readonly better: 'higher' | 'lower' | 'neither';
  readonly description: string;
  /** Its help page where several share one; else the page has the feature's id. */
  readonly help?: string;
  readonly compute: (context: FeatureContext) => FeatureValue;
}

export const valueOrReason = (value: number | null, reason: string): FeatureValue =>
  value === null ? { value, reason } : { value };

export const noHead = 'No voxel of the original lies above 3 % of its range.';
export const noBrain = 'There is no brain mask, or it is empty.';
export const noFaceMeasure = 'The face was not measured.';
export const noViews = 'No views were drawn.';
