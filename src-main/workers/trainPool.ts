import { openPool, type Pool } from './pool.ts';

/** Threads that fit and evaluate models: tasks `trainFold` and `trainFinal` of `trainTasks.ts`. */
export const openTrainPool = (size: number): Pool =>
  openPool({
    size,
    entry: new URL('./trainWorker.' + (import.meta.url.endsWith('.ts') ? 'ts' : 'js'), import.meta.url),
  });
