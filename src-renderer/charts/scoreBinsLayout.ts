import { scaleLinear } from 'd3-scale';

export const scoreBinsSize = { width: 420, height: 320, left: 46, right: 408, top: 14, floor: 270 };

/** Stacked bars of equal bins from 0 to 1, the thresholds between them, and what each zone means. */
export function scoreBinsLayout(
  {
    adequate,
    insufficient,
  }: { readonly adequate: readonly number[]; readonly insufficient: readonly number[] },
  { lower, upper }: { readonly lower: number | null; readonly upper: number | null },
) {
  const { left, right, top, floor } = scoreBinsSize;
  const x = scaleLinear([0, 1], [left, right]);
  const most = Math.max(1, ...adequate.map((n, at) => n + insufficient[at]));
  const y = scaleLinear([0, most * 1.12], [floor, top]);
  const wide = (right - left) / Math.max(1, adequate.length);
  const failFrom = upper === null ? null : Math.max(upper, lower ?? 0);
  const zone = (id: 'pass' | 'review' | 'fail', from: number, to: number) => ({
    id,
    x: x(from),
    width: Math.max(0, x(to) - x(from)),
  });
  return {
    xTicks: x.ticks(5).map((value) => ({ value, x: x(value) })),
    yTicks: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: y(value) })),
    bars: adequate.map((n, at) => ({
      at,
      x: left + at * wide + 1,
      width: wide - 2,
      adequate: { y: y(n), height: floor - y(n) },
      insufficient: { y: y(n + insufficient[at]), height: y(n) - y(n + insufficient[at]) },
    })),
    zones: [
      zone('pass', 0, lower ?? 0),
      zone('review', lower ?? 0, failFrom ?? 1),
      zone('fail', failFrom ?? 1, 1),
    ].filter(({ width }) => width > 0),
    lines: [
      { id: 'lower', value: lower },
      { id: 'upper', value: failFrom },
    ].flatMap(({ id, value }) => (value === null ? [] : [{ id, x: x(value) }])),
  };
}
