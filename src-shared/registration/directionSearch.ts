export interface DirectionSearch {
  /** Which entries may change, and the first step of each. Entries with step 0 stay. */
  readonly steps: Float64Array;
  /** Steps are halved after a sweep without gain, until they are below this share of the first. */
  readonly finest: number;
  readonly maxSweeps: number;
}

/**
 * A local minimum of `cost` near `start` without derivatives: along one axis after the other a parabola through three
 * points, then along the direction of the whole sweep (Powell, Computer Journal 1964, with fixed axes). Deterministic.
 */
export function directionSearch(
  cost: (at: Float64Array) => number,
  start: Float64Array,
  { steps, finest, maxSweeps }: DirectionSearch,
): { at: Float64Array; value: number } {
  const at = start.slice();
  const trial = start.slice();
  const axes = [...steps.keys()].filter((n) => steps[n] !== 0);
  let value = cost(at);
  let share = 1;
  const along = (direction: Float64Array): void => {
    const probe = (t: number): number => {
      for (let n = 0; n < at.length; n++) trial[n] = at[n] + t * direction[n];
      return cost(trial);
    };
    let best = 0;
    let bestValue = value;
    const keep = (t: number, v: number): void => {
      if (v < bestValue) [best, bestValue] = [t, v];
    };
    const plus = probe(1);
    keep(1, plus);
    const minus = probe(-1);
    keep(-1, minus);
    const bend = plus + minus - 2 * value;
    if (bend > 0) {
      const t = Math.max(-2, Math.min(2, (minus - plus) / (2 * bend)));
      if (Math.abs(t) > 0.05) keep(t, probe(t));
    } else if (best !== 0) keep(2 * best, probe(2 * best));
    if (best === 0) return;
    for (let n = 0; n < at.length; n++) at[n] += best * direction[n];
    value = bestValue;
  };
  const direction = new Float64Array(at.length);
  for (let sweep = 0; sweep < maxSweeps && share >= finest; sweep++) {
    const before = at.slice();
    const beforeValue = value;
    for (const axis of axes) {
      direction.fill(0);
      direction[axis] = steps[axis] * share;
      along(direction);
    }
    let moved = 0;
    for (let n = 0; n < at.length; n++) {
      direction[n] = at[n] - before[n];
      if (steps[n] !== 0) moved = Math.max(moved, Math.abs(direction[n]) / (steps[n] * share));
    }
    if (moved > 0) along(direction);
    if (moved < 0.5 || beforeValue - value < 1e-5) share /= 2;
  }
  return { at, value };
}
