import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { CoveragePoint } from '../../src-shared/triage/riskCoverage.ts';

export const riskSize = { width: 640, height: 320, left: 56, right: 624, top: 14, floor: 270 };
/** Risks beyond this are of no use to anybody. */
export const highestRisk = 0.3;
export const lowestRisk = 0.005;

/** Paths of the observed share of misses and its upper bound over coverage, and the risk under a height of the picture. */
export function riskCoverageLayout(points: readonly CoveragePoint[]) {
  const { left, right, top, floor } = riskSize;
  const x = scaleLinear([0, 1], [left, right]);
  const y = scaleLinear([0, highestRisk], [floor, top]).clamp(true);
  const share = ({ missed, persons }: CoveragePoint): number => (persons === 0 ? 0 : missed / persons);
  const observed = line<CoveragePoint>(
    (point) => x(point.coverage),
    (point) => y(share(point)),
  ).curve(curveStepAfter);
  const bound = line<CoveragePoint>(
    (point) => x(point.coverage),
    (point) => y(point.missBound),
  ).curve(curveStepAfter);
  const between = area<CoveragePoint>(
    (point) => x(point.coverage),
    (point) => y(share(point)),
    (point) => y(point.missBound),
  ).curve(curveStepAfter);
  return {
    xTicks: x.ticks(5).map((value) => ({ value, x: x(value) })),
    yTicks: y.ticks(6).map((value) => ({ value, y: y(value) })),
    observed: observed(points) ?? '',
    bound: bound(points) ?? '',
    between: between(points) ?? '',
    yOf: (risk: number): number => y(risk),
    placeOf: (point: CoveragePoint) => ({ x: x(point.coverage), y: y(share(point)) }),
    /** The risk at a height of the picture, whole per mille. */
    riskAt: (height: number): number =>
      Math.min(highestRisk, Math.max(lowestRisk, Math.round(y.invert(height) * 200) / 200)),
  };
}

/** The point of the curve a threshold stands at; null where there is none. */
export function pointAt(points: readonly CoveragePoint[], threshold: number | null): CoveragePoint | null {
  if (threshold === null) return null;
  return points.findLast((point) => point.threshold <= threshold) ?? points.at(0) ?? null;
}
