export type Cell = string | number | null;

/** A table as BIDS writes them: tabs between, `n/a` for no value, line breaks and tabs in texts as spaces. */
export function tsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string =>
    value === null || value === '' ? 'n/a' : String(value).replace(/[\t\r\n]+/g, ' ');
  return [columns, ...rows].map((row) => `${row.map(cell).join('\t')}\n`).join('');
}
