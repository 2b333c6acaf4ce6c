import { type SeededRandom, shuffle } from '../stats/random.ts';
import type { FitInput } from './fitInput.ts';

/**
 * Holds about `share` of the persons (rows where persons are unknown) back for early stopping, so that both parts have
 * both labels. Null when that is impossible; the caller then trains without early stopping.
 */
export function holdOut(
  { y, persons }: FitInput,
  share: number,
  random: SeededRandom,
): { train: Int32Array; held: Int32Array } | null {
  const unit = persons ?? Int32Array.from(y, (_, i) => i);
  const ids = shuffle([...new Set(unit)], random);
  const goal = Math.max(2, Math.round(share * y.length));
  const rowsOf = new Map<number, number[]>();
  for (let i = 0; i < unit.length; i++) {
    const rows = rowsOf.get(unit[i]);
    if (rows === undefined) rowsOf.set(unit[i], [i]);
    else rows.push(i);
  }
  const isHeld = new Uint8Array(y.length);
  const counts = [
    [0, 0],
    [0, 0],
  ];
  for (const label of y) counts[0][label]++;
  let held = 0;
  for (const id of ids) {
    const rows = rowsOf.get(id) ?? [];
    const positive = rows.reduce((sum, row) => sum + y[row], 0);
    const negative = rows.length - positive;
    const full = held >= goal && counts[1][0] > 0 && counts[1][1] > 0;
    if (full) break;
    if (counts[0][0] - negative < 1 || counts[0][1] - positive < 1) continue;
    for (const row of rows) isHeld[row] = 1;
    counts[0][0] -= negative;
    counts[0][1] -= positive;
    counts[1][0] += negative;
    counts[1][1] += positive;
    held += rows.length;
  }
  if (counts[1][0] === 0 || counts[1][1] === 0 || held > y.length / 2) return null;
  const all = Int32Array.from(y, (_, i) => i);
  return { train: all.filter((i) => isHeld[i] === 0), held: all.filter((i) => isHeld[i] === 1) };
}
