import type { Mask, Volume } from '../volume/volume.ts';
import { scaleOf, valuesInside, type IntensityScale } from './brainStatistics.ts';

/**
 * Mean and standard deviation (divisor n) of the brain: after the change the brain has mean 0 and standard deviation 1.
 * Source: the z-score normalisation of Reinhold et al. 2019, doi 10.1117/12.2513089.
 */
export const zScore = (volume: Volume, brain: Mask): IntensityScale => scaleOf(valuesInside(volume, brain));
