/** Numbers in rows (items) and columns (features), row after row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** A matrix from rows of equal length. */
export function matrixFrom(rows: readonly (readonly number[])[], columns = rows[0]?.length ?? 0): Matrix {
  const values = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns) throw new RangeError('Rows of a matrix have the same length.');
    values.set(row, i * columns);
  }
  return { rows: rows.length, columns, values };
}

/** The named rows, in the order given. */
export function takeRows(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const { columns } = matrix;
  const values = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++)
    values.set(matrix.values.subarray(rows[i] * columns, (rows[i] + 1) * columns), i * columns);
  return { rows: rows.length, columns, values };
}

/** The named columns, in the order given. */
export function takeColumns(matrix: Matrix, columns: ArrayLike<number>): Matrix {
  const values = new Float64Array(matrix.rows * columns.length);
  for (let i = 0; i < matrix.rows; i++)
    for (let j = 0; j < columns.length; j++)
      values[i * columns.length + j] = matrix.values[i * matrix.columns + columns[j]];
  return { rows: matrix.rows, columns: columns.length, values };
}

/** One column as its own array. */
export function columnOf(matrix: Matrix, column: number): Float64Array {
  const out = new Float64Array(matrix.rows);
  for (let i = 0; i < out.length; i++) out[i] = matrix.values[i * matrix.columns + column];
  return out;
}
