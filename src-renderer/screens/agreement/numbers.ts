import type { Interval } from '../../../src-shared/stats/clusterBootstrap.ts';

/** Kappas and their kin as papers print them: two decimals; a dash where undefined. */
export const two = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
export const three = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
export const percent = (share: number | null): string =>
  share === null ? '–' : `${(share * 100).toFixed(1)} %`;
export const span = (interval: Interval | null): string =>
  interval === null ? '–' : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
