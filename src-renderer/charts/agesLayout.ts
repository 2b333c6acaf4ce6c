import { max } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import type { AgesBySex } from '../../src-shared/api/agreementCalls.ts';

/** Persons by age group, a bar for each sex side by side. Places in user units of the SVG; the y axis counts persons. */
export function agesLayout(ages: AgesBySex, size = { width: 720, height: 280 }) {
  const margin = { top: 16, right: 12, bottom: 50, left: 40 };
  const groups = ages.bounds.slice(0, -1).map((low, at) => ({ low, high: ages.bounds[at + 1], at }));
  const xOf = scaleBand<number>()
    .domain(groups.map(({ at }) => at))
    .range([margin.left, size.width - margin.right])
    .paddingInner(0.2);
  const within = scaleBand()
    .domain(ages.groups.map(({ sex }) => sex))
    .range([0, xOf.bandwidth()])
    .paddingInner(0.08);
  const most = max(ages.groups, ({ counts }) => max(counts)) ?? 0;
  const yOf = scaleLinear()
    .domain([0, Math.max(1, most)])
    .nice()
    .range([size.height - margin.bottom, margin.top]);
  return {
    ...size,
    left: margin.left,
    right: size.width - margin.right,
    bars: ages.groups.flatMap(({ sex, counts }) =>
      counts.map((count, at) => ({
        sex,
        count,
        at,
        x: (xOf(at) ?? 0) + (within(sex) ?? 0),
        y: yOf(count),
        width: within.bandwidth(),
        height: yOf(0) - yOf(count),
      })),
    ),
    // Persons are whole: no ticks between.
    ticks: yOf
      .ticks(5)
      .filter(Number.isInteger)
      .map((count) => ({ count, y: yOf(count) })),
    labels: groups.map(({ low, high, at }) => ({
      text: `${low}–${high - 1}`,
      x: (xOf(at) ?? 0) + xOf.bandwidth() / 2,
      y: size.height - margin.bottom + 18,
    })),
  };
}
