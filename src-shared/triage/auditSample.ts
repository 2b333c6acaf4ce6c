import { upperBound } from '../stats/clopperPearson.ts';
import { seededRandom, shuffle } from '../stats/random.ts';

/**
 * A random share of what was passed, at least `least` of it, that goes to people all the same. By the seed and the ids
 * alone, so that nobody chooses and everybody can repeat it.
 */
export function auditSample(
  passed: readonly string[],
  { share, least, seed }: { readonly share: number; readonly least: number; readonly seed: number },
): Set<string> {
  const count = Math.min(passed.length, Math.max(least, Math.round(share * passed.length)));
  return new Set(shuffle([...passed].sort(), seededRandom(seed, 'audit')).slice(0, count));
}

/** What the audit found so far: insufficient among looked at, one a person, with the exact upper bound of the escape rate. */
export interface AuditState {
  readonly chosen: number;
  readonly looked: number;
  readonly k: number;
  readonly n: number;
  readonly bound: number;
}

export function auditState(
  audited: readonly { readonly person: string; readonly label: 0 | 1 | null }[],
  delta: number,
): AuditState {
  const worst = new Map<string, 0 | 1>();
  for (const { person, label } of audited)
    if (label !== null) worst.set(person, label === 1 || worst.get(person) === 1 ? 1 : 0);
  const k = [...worst.values()].filter((label) => label === 1).length;
  return {
    chosen: audited.length,
    looked: audited.filter(({ label }) => label !== null).length,
    k,
    n: worst.size,
    bound: upperBound(k, worst.size, delta),
  };
}
