import type { SagittalPoint } from './sagittalHull.ts';

/** Flatter planes run under the neck, steeper ones leave the mouth. */
const [flattest, steepest] = [10, 75];
/** Edges within this angle of each other speak for one direction. */
const agreementDegrees = 12;

/**
 * The direction with the greatest length of hull near it, each edge counting less the further it turns away. On heads this
 * is the long bridge from under the frontal lobe past the temporal pole to the cerebellum. Between equals, the one
 * nearest to 35 degrees, where that bridge lies in most people. null where no edge comes near.
 */
export function agreedSlope(hull: readonly SagittalPoint[]): number | null {
  const edges = hull.slice(1).map(([y, z], n) => {
    const [dy, dz] = [y - hull[n][0], z - hull[n][1]];
    return { degrees: (Math.atan2(dz, dy) * 180) / Math.PI, lengthMm: Math.sqrt(dy * dy + dz * dz) };
  });
  let best: number | null = null;
  let most = 0;
  for (let step = 0; step <= 2 * (steepest - flattest); step++) {
    const degrees = 35 + (step % 2 === 0 ? step / 4 : -(step + 1) / 4);
    if (degrees < flattest || degrees > steepest) continue;
    let length = 0;
    for (const edge of edges) {
      const turn = Math.abs(edge.degrees - degrees) / agreementDegrees;
      if (turn < 1) length += edge.lengthMm * (1 - turn * turn) ** 2;
    }
    if (length > most) {
      most = length;
      best = degrees;
    }
  }
  return best;
}
