import { median } from '../stats/quantile.ts';

export interface DriftFinding {
  /** A feature's id, or `probability` for the score itself. */
  readonly what: string;
  /** Largest distance between the two distribution functions, 0 to 1. */
  readonly distance: number;
  /** Two-sided, corrected for the number of features looked at (Holm 1979). */
  readonly p: number;
  /** Medians before and now. */
  readonly before: number;
  readonly now: number;
  readonly drifted: boolean;
}

/** A share of 5 % of false alarms over all features; a distance below this says nothing in practice. */
const level = 0.05;
const leastDistance = 0.2;
export const leastPersons = 8;

/**
 * Whether a later batch differs from what the model was tested on: the two-sample test of Kolmogorov and Smirnov for
 * each feature and the score, corrected by Holm. One value a person (the median of a person's), since persons and not
 * scans are independent. Features with fewer than 8 persons on either side are left out.
 */
export function drift(
  before: Readonly<Record<string, readonly Measured[]>>,
  now: Readonly<Record<string, readonly Measured[]>>,
): DriftFinding[] {
  const raw = Object.keys(now)
    .filter((what) => Object.hasOwn(before, what))
    .map((what) => ({ what, a: perPerson(before[what]), b: perPerson(now[what]) }))
    .filter(({ a, b }) => a.length >= leastPersons && b.length >= leastPersons)
    .map(({ what, a, b }) => {
      const distance = largestGap(a, b);
      return {
        what,
        distance,
        p: ksProbability(distance, a.length, b.length),
        before: median(a),
        now: median(b),
      };
    })
    .sort((x, y) => x.p - y.p);
  let floor = 0;
  return raw.map((finding, n) => {
    floor = Math.max(floor, Math.min(1, finding.p * (raw.length - n)));
    return { ...finding, p: floor, drifted: floor < level && finding.distance >= leastDistance };
  });
}

export interface Measured {
  readonly person: string;
  readonly value: number;
}

const perPerson = (items: readonly Measured[]): number[] =>
  [...Map.groupBy(items, ({ person }) => person).values()].map((own) =>
    median(own.map(({ value }) => value)),
  );

function largestGap(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [[...a].sort((p, q) => p - q), [...b].sort((p, q) => p - q)];
  let [i, j, gap] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i], y[j]);
    while (i < x.length && x[i] <= at) i++;
    while (j < y.length && y[j] <= at) j++;
    gap = Math.max(gap, Math.abs(i / x.length - j / y.length));
  }
  return gap;
}

/** Asymptotic tail of the Kolmogorov distribution with the small-sample factor of Stephens 1970. */
function ksProbability(distance: number, n: number, m: number): number {
  const size = Math.sqrt((n * m) / (n + m));
  const lambda = (size + 0.12 + 0.11 / size) * distance;
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, sum));
}
