import type { PracticeRound } from '../../../src-shared/api/practiceCalls.ts';
import { practiceWords } from '../../words/practice.ts';

/** How often the rater was right, in words; shares 0 to 1 in, whole percent out. */
export const scoresOf = ({
  strict,
  lenient,
  verdicts,
  brain,
}: NonNullable<PracticeRound['result']>): string =>
  practiceWords.scores({
    strict: Math.round(strict * 100),
    lenient: Math.round(lenient * 100),
    verdicts: Math.round(verdicts * 100),
    brain: Math.round(brain * 100),
  });
