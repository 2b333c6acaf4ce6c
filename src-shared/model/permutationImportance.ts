import { type SeededRandom, shuffle } from '../stats/random.ts';
import type { Matrix } from './matrix.ts';
import { auroc } from './metrics.ts';

/**
 * How much AUROC falls when a block of columns is shuffled together over the rows (Breiman 2001; Fisher, Rudin and
 * Dominici 2019), mean over `repeats`. Blocks keep one-hot columns that make one thing together. Positive is important.
 */
export function permutationImportance(
  predict: (x: Matrix) => Float64Array,
  x: Matrix,
  labels: ArrayLike<number>,
  blocks: readonly (readonly number[])[],
  options: { repeats: number; random: SeededRandom },
): Float64Array {
  const whole = auroc(labels, predict(x));
  const rows = Array.from({ length: x.rows }, (_, i) => i);
  return Float64Array.from(blocks, (block) => {
    let fall = 0;
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      const order = shuffle(rows, options.random);
      const values = x.values.slice();
      for (const column of block)
        for (let i = 0; i < x.rows; i++)
          values[i * x.columns + column] = x.values[order[i] * x.columns + column];
      fall += whole - auroc(labels, predict({ ...x, values }));
    }
    return fall / options.repeats;
  });
}
