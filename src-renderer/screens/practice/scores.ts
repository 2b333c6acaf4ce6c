import type { PracticeRound } from '../../../src-shared/api/practiceCalls.ts';
import { practiceWords } from '../../words/practice.ts';

/** How often the rater was right, in words. */
export const scoresOf = (result: NonNullable<PracticeRound['result']>, total: number): string =>
  practiceWords.scores({ ...result, total });
