import type { PatternMap, PatternRow } from '../patterns/patternMap.ts';
import { call } from './call.ts';
import { integer, maxValue, minValue, number, optional, pipe, strictObject } from './checks.ts';

/** Failure patterns among the defacings of the study, found without any label. */
export const patternCalls = {
  'patterns.map': call(
    strictObject({ seed: optional(pipe(number(), integer(), minValue(0), maxValue(2 ** 32 - 1)), 1) }),
    { who: 'reader' },
  ).returns<PatternsFound>(),
};

export interface PatternItem extends PatternRow {
  readonly defacingId: string;
  readonly scanId: string;
  readonly scanName: string;
  readonly tool: string;
}

export interface PatternsFound extends Omit<PatternMap, 'rows' | 'medoids'> {
  readonly items: readonly PatternItem[];
  /** The typical example of each cluster, the largest cluster first. */
  readonly typical: readonly string[];
  /** Measured defacings beyond the most that a map can hold; 0 usually. */
  readonly leftOut: number;
}
