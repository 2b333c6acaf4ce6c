import { median } from '../stats/quantile.ts';
import { columnOf, type Matrix } from '../model/matrix.ts';

/** Median absolute deviation of a normal sample times this is its standard deviation. */
const normal = 1.4826;

/**
 * Columns as robust z values: less the median, over 1.4826 times the median absolute deviation; where more than half of a
 * column is equal, over its standard deviation. NaN (missing) becomes 0, the middle. Values beyond `most` are cut there,
 * so that one wild value does not set the scale of the map. Columns without spread are left out; `kept` names the others.
 */
export function robustScale(x: Matrix, most = 8): { scaled: Matrix; kept: number[] } {
  const columns: Float64Array[] = [];
  const kept: number[] = [];
  for (let c = 0; c < x.columns; c++) {
    const values = columnOf(x, c);
    const known = values.filter((value) => !Number.isNaN(value));
    if (known.length === 0) continue;
    const middle = median(known);
    const deviation = normal * median(known.map((value) => Math.abs(value - middle)));
    const spread = deviation > 0 ? deviation : standardDeviation(known);
    if (!(spread > 0)) continue;
    kept.push(c);
    columns.push(
      values.map((value) =>
        Number.isNaN(value) ? 0 : Math.max(-most, Math.min(most, (value - middle) / spread)),
      ),
    );
  }
  const scaled = { rows: x.rows, columns: kept.length, values: new Float64Array(x.rows * kept.length) };
  for (let r = 0; r < x.rows; r++)
    for (let c = 0; c < kept.length; c++) scaled.values[r * kept.length + c] = columns[c][r];
  return { scaled, kept };
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
