/** Ratings of items (rows) by raters (columns): a category from 0 up, or null for not rated. */
export type RatingMatrix = readonly (readonly (number | null)[])[];

/** Per item how many raters chose each category: `counts[item * categories + category]`, and how many rated it. */
export function categoryCounts(
  ratings: RatingMatrix,
  categories: number,
): { counts: Float64Array; raters: Float64Array } {
  const counts = new Float64Array(ratings.length * categories);
  const raters = new Float64Array(ratings.length);
  for (const [item, row] of ratings.entries())
    for (const rating of row) {
      if (rating === null) continue;
      if (!Number.isInteger(rating) || rating < 0 || rating >= categories)
        throw new RangeError('A rating is outside its categories.');
      counts[item * categories + rating]++;
      raters[item]++;
    }
  return { counts, raters };
}
