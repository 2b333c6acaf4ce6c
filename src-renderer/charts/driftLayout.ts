import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { RaterPace } from '../../src-shared/api/agreementCalls.ts';

export type DriftOf = 'insufficientStrict' | 'insufficientLenient' | 'medianSeconds';

/**
 * One line a rater: what was said, or how long was looked, in blocks of verdicts in the order they were given. x is the
 * number of the verdict (middle of its block), y a share from 0 to 1 or seconds from 0. Blocks without a value break no
 * line: they are left out.
 */
export function driftLayout(raters: readonly RaterPace[], of: DriftOf, size = { width: 480, height: 220 }) {
  const margin = { top: 14, right: 12, bottom: 30, left: 44 };
  const last = max(raters, ({ verdicts }) => verdicts) ?? 1;
  const xOf = scaleLinear()
    .domain([0, Math.max(1, last)])
    .range([margin.left, size.width - margin.right]);
  const top =
    of === 'medianSeconds' ? (max(raters, ({ blocks }) => max(blocks, (block) => block[of])) ?? 1) : 1;
  const yOf = scaleLinear()
    .domain([0, top])
    .range([size.height - margin.bottom, margin.top]);
  if (of === 'medianSeconds') yOf.nice();
  const path = line<{ x: number; y: number }>(
    ({ x }) => x,
    ({ y }) => y,
  );
  return {
    ...size,
    left: margin.left,
    right: size.width - margin.right,
    lines: raters.map(({ accountId, blocks }) => {
      const points = blocks.flatMap((block) => {
        const value = block[of];
        return value === null ? [] : [{ x: xOf((block.from + block.to) / 2), y: yOf(value), value, block }];
      });
      return { accountId, points, path: path(points) ?? '' };
    }),
    yTicks: yOf.ticks(4).map((value) => ({ value, y: yOf(value) })),
    xTicks: xOf
      .ticks(5)
      .filter(Number.isInteger)
      .map((value) => ({ value, x: xOf(value) })),
    floor: yOf(0),
  };
}
