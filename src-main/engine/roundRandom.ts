import { seededRandom, type SeededRandom } from '../../src-shared/stats/random.ts';
import type { Round } from '../store/rounds.ts';
import { studyKey } from '../store/studyKey.ts';
import type { Engine } from './engine.ts';

/**
 * What is drawn in a round: orders, sides, letters. From the round's seed and the study's secret key together, so that a rater
 * who sees the seed cannot work out which tool stands where on his list.
 */
export const roundRandom = (
  { store }: Pick<Engine, 'store'>,
  { seed }: Pick<Round, 'seed'>,
  stream: string,
): SeededRandom => seededRandom(`${studyKey(store)} ${seed}`, stream);

/** Where the original stands in one pair. */
export const sideOf = (
  { originalSide }: Pick<Round, 'originalSide'>,
  random: SeededRandom,
): 'left' | 'right' => (originalSide === 'random' ? (random.next() < 0.5 ? 'left' : 'right') : originalSide);
