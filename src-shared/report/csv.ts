import type { Cell } from './tsv.ts';

/** A table with commas between, quoted as RFC 4180 has it; nothing for no value. Texts keep their line breaks. */
export function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
