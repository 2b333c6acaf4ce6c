/**
 * Overlap of two masks on one grid, 0 (none) to 1 (the same): twice the common voxels over the sum of both (Dice 1945).
 * null where both are empty.
 */
export function dice(a: Uint8Array, b: Uint8Array): number | null {
  if (a.length !== b.length) throw new RangeError('masks of different sizes');
  let both = 0;
  let sum = 0;
  for (let n = 0; n < a.length; n++) {
    both += a[n] & b[n];
    sum += a[n] + b[n];
  }
  return sum === 0 ? null : (2 * both) / sum;
}
