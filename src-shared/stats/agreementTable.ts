/** Counts of two raters' verdicts: `counts[a * categories + b]` items got a from the first and b from the second. */
export interface AgreementTable {
  readonly categories: number;
  readonly counts: Float64Array;
  /** Items rated by both. */
  readonly n: number;
}

/**
 * Table of two raters over the same items; an item that either left unrated (null) does not count. Ratings are whole
 * numbers from 0 to categories - 1; anything else is a RangeError.
 */
export function agreementTable(
  first: readonly (number | null)[],
  second: readonly (number | null)[],
  categories = 2,
): AgreementTable {
  if (first.length !== second.length) throw new RangeError('Two raters need the same items.');
  const counts = new Float64Array(categories * categories);
  let n = 0;
  for (let i = 0; i < first.length; i++) {
    const a = first[i];
    const b = second[i];
    if (a === null || b === null) continue;
    for (const rating of [a, b])
      if (!Number.isInteger(rating) || rating < 0 || rating >= categories)
        throw new RangeError('A rating is outside its categories.');
    counts[a * categories + b]++;
    n++;
  }
  return { categories, counts, n };
}

/** Share of items on which both agree, 0 to 1; null for no items. */
export function observedAgreement({ categories, counts, n }: AgreementTable): number | null {
  if (n === 0) return null;
  let same = 0;
  for (let c = 0; c < categories; c++) same += counts[c * categories + c];
  return same / n;
}

/** Mean over both raters of the share of category `category` (prevalence), 0 to 1; null for no items. */
export function prevalence({ categories, counts, n }: AgreementTable, category = 1): number | null {
  if (n === 0) return null;
  let sum = 0;
  for (let c = 0; c < categories; c++)
    sum += counts[category * categories + c] + counts[c * categories + category];
  return sum / (2 * n);
}

/**
 * Prevalence- and bias-adjusted kappa. Two categories: 2 Po - 1 (Byrt, Bishop and Carlin 1993); q categories:
 * (q Po - 1) / (q - 1), also known as Bennett's S. -1 / (q - 1) to 1; null for no items.
 */
export function pabak(table: AgreementTable): number | null {
  const po = observedAgreement(table);
  return po === null ? null : (table.categories * po - 1) / (table.categories - 1);
}
