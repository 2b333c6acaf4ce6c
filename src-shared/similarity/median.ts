/** The median of numbers, the mean of the middle two of an even count. Reorders `values`. NaN of none. */
export function medianInPlace(values: Float64Array): number {
  const count = values.length;
  if (count === 0) return NaN;
  const upper = select(values, count >> 1);
  if (count % 2 === 1) return upper;
  let lower = -Infinity;
  for (let n = 0; n < count >> 1; n++) if (values[n] > lower) lower = values[n];
  return (lower + upper) / 2;
}

/** Quickselect (Hoare 1961): afterwards all before `rank` are no larger. */
function select(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

const middleOf = (a: number, b: number, c: number): number =>
  a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
