import { agreementTable, observedAgreement, pabak, prevalence } from './agreementTable.ts';
import { clusterBootstrap, type Interval } from './clusterBootstrap.ts';
import { cohenKappa, kappaAsymptotic } from './cohenKappa.ts';
import { gwetAc1 } from './gwetAc1.ts';
import { krippendorffAlpha } from './krippendorffAlpha.ts';
import { seededRandom } from './random.ts';
import type { RatingMatrix } from './ratingMatrix.ts';

/** All agreement statistics of one criterion; null where a statistic is undefined. */
export interface RaterAgreement {
  /** Items rated by both primary raters. */
  readonly n: number;
  /** Share of items on which the two primary raters agree. */
  readonly agreement: number | null;
  readonly kappa: number | null;
  /** 95 % percentile interval, persons drawn with replacement. */
  readonly kappaBootstrap: Interval | null;
  /** 95 % interval of Fleiss, Cohen and Everitt 1969. */
  readonly kappaAsymptotic: Interval | null;
  readonly pabak: number | null;
  readonly ac1: number | null;
  /** Nominal alpha over all raters. */
  readonly alpha: number | null;
  /** Mean share of insufficient verdicts of the two primary raters. */
  readonly prevalence: number | null;
  /** counts[first][second] of the two primary raters, 0 adequate, 1 insufficient. */
  readonly cells: readonly (readonly number[])[];
}

/**
 * Agreement of raters on binary verdicts (1 insufficient). Rows of `ratings` are items; the first two columns are the
 * primary raters, further columns count in alpha only. `persons` names the person of each item.
 */
export function raterAgreement(
  ratings: RatingMatrix,
  persons: readonly string[],
  options: { draws: number; seed: number },
): RaterAgreement {
  const first = ratings.map((row) => row[0]);
  const second = ratings.map((row) => row[1]);
  const table = agreementTable(first, second);
  const both = ratings.map((_, i) => i).filter((i) => first[i] !== null && second[i] !== null);
  const cellOf = both.map((i) => (first[i] ?? 0) * 2 + (second[i] ?? 0));
  const [kappaBootstrap] = clusterBootstrap(
    both.map((i) => persons[i]),
    (itemCounts, out) => {
      const counts = new Float64Array(4);
      let n = 0;
      for (let i = 0; i < itemCounts.length; i++) {
        counts[cellOf[i]] += itemCounts[i];
        n += itemCounts[i];
      }
      out[0] = cohenKappa({ categories: 2, counts, n }) ?? Number.NaN;
    },
    { draws: options.draws, size: 1, random: seededRandom(options.seed, 'kappa') },
  );
  const asymptotic = kappaAsymptotic(table);
  return {
    n: table.n,
    agreement: observedAgreement(table),
    kappa: cohenKappa(table),
    kappaBootstrap,
    kappaAsymptotic: asymptotic && { low: asymptotic.low, high: asymptotic.high },
    pabak: pabak(table),
    ac1: gwetAc1(both.map((i) => [first[i], second[i]])),
    alpha: krippendorffAlpha(ratings),
    prevalence: prevalence(table),
    cells: [
      [table.counts[0], table.counts[1]],
      [table.counts[2], table.counts[3]],
    ],
  };
}
