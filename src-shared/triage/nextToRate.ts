/** A defacing without a label that could be rated. */
export interface Ratable {
  readonly defacingId: string;
  readonly person: string;
  /** Calibrated P(insufficient); null where the model could not score it. */
  readonly probability: number | null;
  /** The model's features, standardised; equal length for all. */
  readonly position: readonly number[];
}

/**
 * The defacings whose labels would teach the model most: most uncertain first, among them those far from what was
 * already taken, and one a person until every person has had one. Sources: uncertainty sampling of Lewis and Gale 1994,
 * k-center distance of Sener and Savarese 2018; multiplying the two is ours.
 */
export function nextToRate(items: readonly Ratable[], count: number): string[] {
  const left = new Set(items);
  const taken: Ratable[] = [];
  const nearest = new Map<Ratable, number>();
  while (taken.length < count && left.size > 0) {
    const people = new Set(taken.map(({ person }) => person));
    const fresh = [...left].filter(({ person }) => !people.has(person));
    const pool = fresh.length > 0 ? fresh : [...left];
    let best = pool[0];
    let bestWorth = -Infinity;
    for (const item of pool) {
      const far = nearest.get(item) ?? 1;
      const worth = uncertainty(item.probability) * (0.25 + far / (1 + far));
      if (
        worth > bestWorth + 1e-12 ||
        (Math.abs(worth - bestWorth) <= 1e-12 && item.defacingId < best.defacingId)
      ) {
        best = item;
        bestWorth = worth;
      }
    }
    left.delete(best);
    taken.push(best);
    for (const item of left)
      nearest.set(item, Math.min(nearest.get(item) ?? Infinity, distance(item.position, best.position)));
  }
  return taken.map(({ defacingId }) => defacingId);
}

/** Entropy in bits: 1 at even odds. What can not be scored is as uncertain as can be. */
function uncertainty(probability: number | null): number {
  if (probability === null) return 1;
  const p = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p));
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, value, j) => sum + (value - b[j]) ** 2, 0) / Math.max(1, a.length));
