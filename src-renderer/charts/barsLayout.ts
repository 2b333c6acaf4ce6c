import { extent } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';

export interface Bar {
  readonly id: string;
  readonly title: string;
  readonly value: number;
  /** Half the length of the whisker; 0 for none. */
  readonly spread: number;
  /** Beside the bar. */
  readonly note: string;
}

/** Horizontal bars from zero, whiskers and ticks; a row for each bar. */
export function barsLayout(bars: readonly Bar[]) {
  const width = 560;
  const left = 210;
  const right = width - 96;
  const height = 22 * bars.length + 36;
  const floor = height - 28;
  const [low = 0, high = 0] = extent(
    bars.flatMap(({ value, spread }) => [0, value - spread, value + spread]),
  );
  const x = scaleLinear([Math.min(low, 0), Math.max(high, 1e-9)], [left, right]).nice(5);
  const row = scaleBand(
    bars.map(({ id }) => id),
    [4, floor],
  ).padding(0.28);
  return {
    ...{ width, height, left, right, floor },
    zero: x(0),
    ticks: x.ticks(5).map((value) => ({ value, x: x(value) })),
    bars: bars.map((bar) => {
      const y = row(bar.id) ?? 0;
      const end = x(bar.value);
      return {
        ...bar,
        y,
        height: row.bandwidth(),
        x: Math.min(end, x(0)),
        width: Math.abs(end - x(0)),
        middle: y + row.bandwidth() / 2,
        whisker: bar.spread > 0 ? { from: x(bar.value - bar.spread), to: x(bar.value + bar.spread) } : null,
      };
    }),
  };
}
