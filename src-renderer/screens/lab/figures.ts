import type { MetricSummary } from '../../../src-shared/model/assembleEvaluation.ts';
import type { Interval } from '../../../src-shared/stats/clusterBootstrap.ts';

/** Two digits without the zero before the point, as the paper prints: `.85`. */
export const short = (value: number | null): string =>
  value === null ? 'n/a' : value.toFixed(2).replace(/^(-?)0\./, '$1.');
export const meanSd = ({ mean, sd }: MetricSummary): string => `${short(mean)} (${short(sd)})`;
export const range = (interval: Interval | null): string =>
  interval === null ? '' : `${short(interval.low)} to ${short(interval.high)}`;
