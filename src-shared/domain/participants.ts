/** A table of people (BIDS participants.tsv), by label without `sub-`; each row by column name, `n/a` as null. */
export type Participants = ReadonlyMap<string, Readonly<Record<string, string | null>>>;

/** Reads a participants table. null where it has no column `participant_id`. Later rows of one person do not replace the first. */
export const parseParticipants = (text: string): Participants | null =>
  parseBidsRows(text, 'participant_id', 'sub-');

/** Rows of a BIDS table by the label in one column, its prefix taken off; null where there is no such column. */
export function parseBidsRows(text: string, keyColumn: string, prefix: string): Participants | null {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t').map((cell) => cell.trim()));
  if (lines.length === 0) return null;
  const [head, ...rows] = lines;
  const key = head.indexOf(keyColumn);
  if (key < 0) return null;
  const people = new Map<string, Record<string, string | null>>();
  for (const cells of rows) {
    const told = cells.at(key) ?? '';
    const label = told.startsWith(prefix) ? told.slice(prefix.length) : told;
    if (label === '' || people.has(label)) continue;
    const value = (cell: string | undefined): string | null =>
      cell === undefined || cell === '' || cell === 'n/a' ? null : cell;
    people.set(label, Object.fromEntries(head.map((name, column) => [name, value(cells.at(column))])));
  }
  return people;
}
