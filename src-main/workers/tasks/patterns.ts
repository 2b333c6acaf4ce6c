import { patternMap, type PatternInput, type PatternMap } from '../../../src-shared/patterns/patternMap.ts';

/** The map of failure patterns: quadratic in the number of defacings, so not on the engine's thread. */
export const patterns = (input: PatternInput): PatternMap => patternMap(input);
