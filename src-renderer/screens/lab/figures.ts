import { labWords } from '../../words/lab.ts';
import type { MetricSummary } from '../../../src-shared/model/assembleEvaluation.ts';
import type { FeatureGroup } from '../../../src-shared/predictors/featureGroups.ts';
import type { Interval } from '../../../src-shared/stats/clusterBootstrap.ts';

/** A group of features as it is called on screen. */
export const groupTitle = (group: string): string => {
  const known = `group-${group}` as `group-${FeatureGroup | 'other' | 'method'}`;
  return known in labWords ? labWords[known] : group;
};
/** Two digits without the zero before the point, as the paper prints: `.85`. */
export const short = (value: number | null): string =>
  value === null ? 'n/a' : value.toFixed(2).replace(/^(-?)0\./, '$1.');
export const meanSd = ({ mean, sd }: MetricSummary): string => `${short(mean)} (${short(sd)})`;
export const range = (interval: Interval | null): string =>
  interval === null ? '' : `${short(interval.low)} to ${short(interval.high)}`;
