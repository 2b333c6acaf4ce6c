import { categoryCounts, type RatingMatrix } from './ratingMatrix.ts';

/**
 * Gwet's AC1 (Gwet 2008) for any number of raters with missing ratings: observed agreement over items with two or more
 * ratings, chance agreement from the mean category shares over all rated items. Null when no item has two ratings.
 */
export function gwetAc1(ratings: RatingMatrix, categories = 2): number | null {
  const { counts, raters } = categoryCounts(ratings, categories);
  const shares = new Float64Array(categories);
  let agreement = 0;
  let pairs = 0;
  let rated = 0;
  for (let item = 0; item < raters.length; item++) {
    const m = raters[item];
    if (m === 0) continue;
    rated++;
    let same = 0;
    for (let c = 0; c < categories; c++) {
      const count = counts[item * categories + c];
      shares[c] += count / m;
      same += count * (count - 1);
    }
    if (m < 2) continue;
    pairs++;
    agreement += same / (m * (m - 1));
  }
  if (pairs === 0) return null;
  const pa = agreement / pairs;
  let pe = 0;
  for (const share of shares) pe += ((share / rated) * (1 - share / rated)) / (categories - 1);
  return (pa - pe) / (1 - pe);
}
