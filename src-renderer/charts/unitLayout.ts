import { scaleLinear } from 'd3-scale';
import { area, curveLinear, line } from 'd3-shape';

/** A line in the unit square, with a band around it where known. */
export interface UnitLine {
  readonly id: string;
  readonly title: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Places of x and the interval of y there. */
  readonly band: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

export const unitSize = { width: 420, height: 340, left: 52, right: 404, top: 12, floor: 288 };

/** Paths of lines over x and y from 0 to 1 (or to `highest`), and the ticks of both axes. */
export function unitLayout(lines: readonly UnitLine[], highest = 1) {
  const { left, right, top, floor } = unitSize;
  const x = scaleLinear([0, 1], [left, right]);
  const y = scaleLinear([0, highest], [floor, top]);
  const path = line<{ x: number; y: number }>(
    (point) => x(point.x),
    (point) => y(Math.min(highest, point.y)),
  ).curve(curveLinear);
  const band = area<{ x: number; low: number; high: number }>(
    (place) => x(place.x),
    (place) => y(Math.min(highest, place.low)),
    (place) => y(Math.min(highest, place.high)),
  );
  return {
    xTicks: x.ticks(5).map((value) => ({ value, x: x(value) })),
    yTicks: y.ticks(5).map((value) => ({ value, y: y(value) })),
    lines: lines.map(({ id, title, points, band: places }) => ({
      id,
      title,
      path: path(points) ?? '',
      band: band(places) ?? '',
    })),
    at: (px: number, py: number) => ({ x: x(px), y: y(Math.min(highest, py)) }),
  };
}
