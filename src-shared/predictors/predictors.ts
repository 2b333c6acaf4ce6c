import type { FeatureValue as StoredValue } from '../domain/study.ts';
import { features } from '../features/features.ts';
import { aboutScanPredictors } from './aboutScan.ts';
import { imageQualityPredictors } from './imageQuality.ts';
import type { Predictor, PredictorGroup, PredictorValues } from './predictor.ts';
import { texturePredictors } from './shellTexture.ts';

/** Predictors beyond the measurements every defacing gets. Adding one is a line in its group's file and in its help page. */
export const predictors: readonly Predictor[] = [
  ...imageQualityPredictors,
  ...texturePredictors,
  ...aboutScanPredictors,
];

export const predictorsOf = (group: PredictorGroup): readonly Predictor[] =>
  predictors.filter((predictor) => predictor.group === group);

/** Everything a model may learn from: measurements of the defacing first, in the order of tables. */
export const allFeatures: readonly Omit<Predictor, 'group'>[] = [...features, ...predictors];

const byId = new Map(allFeatures.map((feature) => [feature.id, feature]));

/** What is known of a feature by its id; undefined for a flag of a tool or a column of somebody's own table. */
export const featureOf = (id: string): Omit<Predictor, 'group'> | undefined => byId.get(id);

/** Values as they are stored: one row each, in the order of the group. */
export const storedValues = (group: PredictorGroup, values: PredictorValues): StoredValue[] =>
  predictorsOf(group).map(({ id, version }) => {
    const { value, reason } = values[id];
    return { feature: id, version, value, reason: reason ?? null };
  });
