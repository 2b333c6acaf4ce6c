import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

/** One outer fold's way from all features to few: inner AUROC of sets by size, and the size taken. */
export interface ReductionPath {
  readonly id: string;
  readonly steps: readonly { readonly size: number; readonly auroc: number }[];
  readonly taken: number;
}

export function reductionLayout(paths: readonly ReductionPath[]) {
  const size = { width: 560, height: 280, left: 52, right: 544, top: 12, floor: 232 };
  const steps = paths.flatMap((path) => path.steps);
  const [low = 0.5, high = 1] = extent(steps, ({ auroc }) => auroc);
  const most = Math.max(2, ...steps.map(({ size: n }) => n));
  const x = scaleLinear([most, 1], [size.left + 8, size.right - 8]);
  const y = scaleLinear([low, high], [size.floor, size.top]).nice(5);
  const path = line<{ size: number; auroc: number }>(
    (step) => x(step.size),
    (step) => y(step.auroc),
  );
  return {
    ...size,
    xTicks: Array.from({ length: most }, (_, i) => ({ value: i + 1, x: x(i + 1) })),
    yTicks: y.ticks(5).map((value) => ({ value, y: y(value) })),
    paths: paths.map((each) => {
      const at = each.steps.find(({ size: n }) => n === each.taken);
      return {
        id: each.id,
        path: path(each.steps) ?? '',
        dot: at === undefined ? null : { x: x(at.size), y: y(at.auroc), ...at },
      };
    }),
  };
}
