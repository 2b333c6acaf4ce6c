import type { Snippet } from 'svelte';

/** One column of a DataTable: what a cell says, how it sorts, and how wide it is. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly width: string;
  readonly align?: 'start' | 'end';
  /** Text of the cell; empty for nothing known. */
  readonly text: (row: Row) => string;
  /** Value to sort by, when the text does not sort rightly; null sorts last in both directions. */
  readonly sortBy?: (row: Row) => string | number | null;
  /** Drawn in place of the text; the text is what it is called and sorted by. */
  readonly cell?: Snippet<[Row]>;
  /** Where a click on the text leads; null for nowhere. With a tone the text is coloured by it. */
  readonly href?: (row: Row) => string | null;
  readonly tone?: (row: Row) => 'neutral' | 'good' | 'warn' | 'bad' | 'accent' | null;
}

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** A sorted copy; equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const column = columns.find((candidate) => candidate.id === sorting?.column);
  if (column === undefined || sorting === null) return rows;
  const key = column.sortBy ?? column.text;
  const sign = sorting.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const x = key(a);
    const y = key(b);
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true });
  });
}
