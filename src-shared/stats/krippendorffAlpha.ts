import { categoryCounts, type RatingMatrix } from './ratingMatrix.ts';

/**
 * Krippendorff's alpha for nominal data, any number of raters, ratings may be missing (Hayes and Krippendorff 2007).
 * Up to 1; null when no item has two ratings or only one category was ever used.
 */
export function krippendorffAlpha(ratings: RatingMatrix, categories = 2): number | null {
  const { counts, raters } = categoryCounts(ratings, categories);
  const totals = new Float64Array(categories);
  let disagreement = 0;
  for (let item = 0; item < raters.length; item++) {
    const m = raters[item];
    if (m < 2) continue;
    let pairsSame = 0;
    for (let c = 0; c < categories; c++) {
      const count = counts[item * categories + c];
      totals[c] += count;
      pairsSame += count * (count - 1);
    }
    disagreement += (m * (m - 1) - pairsSame) / (m - 1);
  }
  const n = totals.reduce((sum, value) => sum + value, 0);
  let expected = n * n;
  for (const total of totals) expected -= total * total;
  return expected === 0 ? null : 1 - ((n - 1) * disagreement) / expected;
}
