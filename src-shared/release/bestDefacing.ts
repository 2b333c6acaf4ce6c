/** What the choice between the defacings of one scan rests on. */
export interface Candidate {
  readonly defacingId: string;
  readonly tool: string;
  /** It may leave: its label or an acceptance says so. */
  readonly passes: boolean;
  /** null where there is no brain mask. */
  readonly brainLossMl: number | null;
  /** Share of the head that was taken, in per cent; null where not known. */
  readonly headLossPct: number | null;
}

/**
 * The defacing of a scan to use: among those that pass the one with the least brain loss, then the least head loss, then
 * by the name of the tool. One chosen by hand wins where it passes. null where none passes.
 */
export function bestDefacing(candidates: readonly Candidate[], byHand: string | null): Candidate | null {
  const passing = candidates.filter(({ passes }) => passes);
  const chosen = passing.find(({ defacingId }) => defacingId === byHand);
  if (chosen !== undefined) return chosen;
  const loss = (value: number | null): number => value ?? Infinity;
  return (
    [...passing].sort(
      (a, b) =>
        loss(a.brainLossMl) - loss(b.brainLossMl) ||
        loss(a.headLossPct) - loss(b.headLossPct) ||
        (a.tool < b.tool ? -1 : 1),
    )[0] ?? null
  );
}
