import type { Feature, FeatureValue } from '../features/feature.ts';

/** Kinds of predictors that a study measures or uses only when asked. */
export const predictorGroups = ['image-quality', 'texture', 'about-scan'] as const;
export type PredictorGroup = (typeof predictorGroups)[number];

/** The groups that cost time: they are measured in the batch when the study's settings say so. */
export const measuredGroups = ['image-quality', 'texture'] as const;
export type MeasuredGroup = (typeof measuredGroups)[number];

/** One number beside those of the defacing itself: of the scan, of what is left of the face, or of how it was taken. */
export type Predictor = Omit<Feature, 'compute'> & {
  readonly group: PredictorGroup;
  /** Columns that make one thing together (one-hot) share this name. */
  readonly block?: string;
};

/** Values of a group by id, or why there is none. */
export type PredictorValues = Readonly<Record<string, FeatureValue>>;
