import { seededRandom, shuffle } from '../stats/random.ts';

/** One thing to rate: a defacing, and the scan whose original stands beside it. */
export interface RoundItem {
  readonly defacingId: number;
  readonly scanId: number;
}

export interface PlacedItem extends RoundItem {
  /** A hidden second look at a defacing that came earlier, for intra-rater agreement. */
  readonly repeat: boolean;
}

/**
 * The order in which one rater sees a round: random by seed, never two defacings of one scan in a row where that can
 * be avoided, and a share of hidden repeats, each at least a quarter of the round after its first look. The same seed
 * gives the same order; give every rater another.
 */
export function roundOrder(
  items: readonly RoundItem[],
  { seed, repeatShare }: { readonly seed: number; readonly repeatShare: number },
): PlacedItem[] {
  const random = seededRandom(seed);
  const first = apart(shuffle(items, random));
  const repeats = Math.round(first.length * repeatShare);
  const gap = Math.floor(first.length / 4);
  const order: PlacedItem[] = first.map((item) => ({ ...item, repeat: false }));
  const early = shuffle(first.slice(0, Math.max(0, first.length - gap)), random).slice(0, repeats);
  for (const item of early) {
    const at = order.findIndex((placed) => placed.defacingId === item.defacingId && !placed.repeat);
    const from = at + gap + 1;
    order.splice(placeFor(order, item, from, random.next()), 0, { ...item, repeat: true });
  }
  return order;
}

/** A place from `from` on, near a random one, whose neighbours are of other scans; the random one if there is none. */
function placeFor(order: readonly PlacedItem[], item: RoundItem, from: number, share: number): number {
  const places = order.length - from + 1;
  const start = Math.floor(share * places);
  for (let step = 0; step < places; step++) {
    const at = from + ((start + step) % places);
    if (scanAt(order, at - 1) !== item.scanId && scanAt(order, at) !== item.scanId) return at;
  }
  return from + start;
}

const scanAt = (order: readonly PlacedItem[], at: number): number | null =>
  at >= 0 && at < order.length ? order[at].scanId : null;

/** Moves items so that neighbours are of different scans: always the scan with most left, among those not just seen. */
function apart(items: readonly RoundItem[]): RoundItem[] {
  const byScan = Map.groupBy(items, ({ scanId }) => scanId);
  const most = Math.max(0, ...[...byScan.values()].map((group) => group.length));
  const waiting = [...items];
  const order: RoundItem[] = [];
  const left = new Map([...byScan].map(([scan, group]) => [scan, group.length]));
  while (waiting.length > 0) {
    const last = order.at(-1)?.scanId;
    const rooms = Math.ceil((waiting.length + 1) / 2);
    // A scan that fills half of what is left must come now; otherwise the random order decides.
    const urgent =
      most > 1 ? waiting.findIndex(({ scanId }) => scanId !== last && (left.get(scanId) ?? 0) >= rooms) : -1;
    const free = waiting.findIndex(({ scanId }) => scanId !== last);
    const [taken] = waiting.splice(Math.max(0, urgent === -1 ? free : urgent), 1);
    left.set(taken.scanId, (left.get(taken.scanId) ?? 1) - 1);
    order.push(taken);
  }
  return order;
}
