import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';

export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** Gets its picture before others. */
  readonly first: boolean;
}

export interface View {
  /** 1 shows the whole map. */
  readonly zoom: number;
  /** Middle of what is shown, 0 to 1 of the whole map in both directions. */
  readonly cx: number;
  readonly cy: number;
}

export const wholeMap: View = { zoom: 1, cx: 0.5, cy: 0.5 };
export const mapSize = { width: 900, height: 640, margin: 34 };

/**
 * Where each item lies on a map of `mapSize` under a view, and which get a picture of `face` pixels: those that come first,
 * then others, as long as they cover no picture before them. One scale for both directions, so that distances compare.
 */
export function patternLayout(items: readonly Placed[], { zoom, cx, cy }: View, face = 46) {
  const { width, height, margin } = mapSize;
  const [lowX = 0, highX = 1] = extent(items, ({ x }) => x) as [number | undefined, number | undefined];
  const [lowY = 0, highY = 1] = extent(items, ({ y }) => y) as [number | undefined, number | undefined];
  const reach = Math.max((highX - lowX) / (width - 2 * margin), (highY - lowY) / (height - 2 * margin), 1e-9);
  const fit = scaleLinear([(lowX + highX) / 2 - 1, (lowX + highX) / 2 + 1], [width / 2 - 1 / reach, width / 2 + 1 / reach]); // prettier-ignore
  const fitY = scaleLinear([(lowY + highY) / 2 - 1, (lowY + highY) / 2 + 1], [height / 2 + 1 / reach, height / 2 - 1 / reach]); // prettier-ignore
  const places = items.map((item) => ({
    ...item,
    px: (fit(item.x) - cx * width) * zoom + width / 2,
    py: (fitY(item.y) - cy * height) * zoom + height / 2,
  }));
  const inside = places.filter(
    ({ px, py }) => px > -face && py > -face && px < width + face && py < height + face,
  );
  const drawn = new Set<string>();
  const taken: { px: number; py: number }[] = [];
  for (const place of [...inside.filter(({ first }) => first), ...inside.filter(({ first }) => !first)]) {
    if (taken.some(({ px, py }) => Math.abs(px - place.px) < face && Math.abs(py - place.py) < face))
      continue;
    taken.push(place);
    drawn.add(place.id);
  }
  return {
    faces: inside.filter(({ id }) => drawn.has(id)),
    dots: inside.filter(({ id }) => !drawn.has(id)),
  };
}
