/**
 * Where between the neighbours of a largest value a parabola through all three has its top, in steps from the middle,
 * -0.5 to 0.5; 0 where they bend upwards or one is not finite.
 */
export function parabolaPeak(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return Number.isFinite(bend) && bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}
