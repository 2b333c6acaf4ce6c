import type { OddFeature } from '../patterns/patternMap.ts';
import { call } from './call.ts';
import { integer, maxValue, minValue, number, optional, pipe, strictObject } from './checks.ts';

/** Failure patterns among the defacings of the study, found without any label. */
export const patternCalls = {
  'patterns.map': call(
    strictObject({ seed: optional(pipe(number(), integer(), minValue(0), maxValue(2 ** 32 - 1)), 1) }),
    { who: 'reader' },
  ).returns<PatternsFound>(),
};

export interface PatternItem {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scanName: string;
  readonly tool: string;
  /** Its place on the map, in units of robust spread. */
  readonly x: number;
  readonly y: number;
  readonly cluster: number;
  /** Isolation score: about 0.5 for ordinary defacings, higher for odd ones. */
  readonly oddness: number;
  readonly outlier: boolean;
  readonly oddFeatures: readonly OddFeature[];
}

export interface PatternsFound {
  readonly items: readonly PatternItem[];
  /** The typical example of each cluster, the largest cluster first. */
  readonly typical: readonly string[];
  readonly silhouette: number;
  /** Share of the spread that the map shows, 0 to 1. */
  readonly shown: number;
  /** Features that take part: those that vary in this study. */
  readonly featureIds: readonly string[];
  readonly seed: number;
  /** Measured defacings beyond the most that a map can hold; 0 usually. */
  readonly leftOut: number;
}
