import { applyMatrix, multiply, worldTransformOf, type WorldTransform } from '../volume/affine.ts';
import { parameterCount, transformOf } from './affineParameters.ts';
import type { Match } from './matchCost.ts';

/** Mean information when the map is shifted by 8 mm or turned by 0.15 radians about `centre`, both ways on every axis. */
export function meanWhenMoved(
  match: (map: WorldTransform) => Match,
  map: WorldTransform,
  centre: readonly [number, number, number],
): number {
  const about = applyMatrix(map, ...centre);
  let sum = 0;
  for (let axis = 0; axis < 6; axis++) {
    for (const sign of [-1, 1]) {
      const p = new Float64Array(parameterCount);
      p[axis] = sign * (axis < 3 ? 8 : 0.15);
      sum += match(worldTransformOf(multiply(transformOf(p, { from: about, to: about }), map))).information;
    }
  }
  return sum / 12;
}
