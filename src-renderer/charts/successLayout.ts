import { scaleBand, scaleLinear } from 'd3-scale';
import type { ToolSuccess } from '../../src-shared/api/agreementCalls.ts';
import { criteria, type Criterion } from '../../src-shared/rating/verdict.ts';

export interface SuccessBar {
  readonly tool: string;
  readonly criterion: Criterion;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The interval's ends; null where there is none. */
  readonly whisker: { readonly x: number; readonly low: number; readonly high: number } | null;
  readonly row: ToolSuccess;
}

/**
 * Shares of defacings that pass, one group a tool, a bar for each criterion (lenient first, as in the paper), with 95 %
 * intervals over persons, or exact ones where there are none. Places in user units of the SVG; y of a share s is
 * `yOf(s)`, 1 on top.
 */
export function successLayout(rows: readonly ToolSuccess[], size = { width: 720, height: 300 }) {
  const margin = { top: 16, right: 12, bottom: 46, left: 44 };
  const tools = [...new Set(rows.map(({ tool }) => tool))];
  const xOf = scaleBand()
    .domain(tools)
    .range([margin.left, size.width - margin.right])
    .paddingInner(0.35)
    .paddingOuter(0.2);
  const within = scaleBand<Criterion>()
    .domain(criteria.toReversed())
    .range([0, Math.min(160, xOf.bandwidth())])
    .padding(0.12);
  const indent = (xOf.bandwidth() - Math.min(160, xOf.bandwidth())) / 2;
  const yOf = scaleLinear()
    .domain([0, 1])
    .range([size.height - margin.bottom, margin.top]);
  const bars = rows.flatMap((row): SuccessBar[] => {
    if (row.share === null) return [];
    const x = (xOf(row.tool) ?? 0) + indent + (within(row.criterion) ?? 0);
    const interval = row.byPerson ?? row.exact;
    return [
      {
        tool: row.tool,
        criterion: row.criterion,
        x,
        y: yOf(row.share),
        width: within.bandwidth(),
        height: yOf(0) - yOf(row.share),
        whisker: interval && {
          x: x + within.bandwidth() / 2,
          low: yOf(interval.low),
          high: yOf(interval.high),
        },
        row,
      },
    ];
  });
  return {
    ...size,
    bars,
    ticks: yOf.ticks(5).map((share) => ({ share, y: yOf(share) })),
    labels: tools.map((tool) => ({
      tool,
      x: (xOf(tool) ?? 0) + xOf.bandwidth() / 2,
      y: size.height - margin.bottom + 18,
    })),
    left: margin.left,
    right: size.width - margin.right,
    floor: yOf(0),
  };
}
