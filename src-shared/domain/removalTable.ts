import { AppError } from '../api/appError.ts';
import { parseDelimited } from '../model/readTable.ts';
import { verdicts, type Verdict } from '../rating/verdict.ts';

/** One defacing described by a removal mask, with what a rater said of it. */
export interface RemovalRow {
  /** Name of the head, without folder and ending. */
  readonly head: string;
  /** The mask's file, relative to the table's folder: 1 where the defacing removed. */
  readonly mask: string;
  /** null where the rater could not judge (`x`). */
  readonly verdict: Verdict | null;
  /** The other verdict that was near; null where none was. */
  readonly borderline: Verdict | null;
  /** Brain that the mask takes, ml; null where the table does not say. */
  readonly brainMl: number | null;
  /** The rater's words. */
  readonly seen: string;
}

/**
 * A table of removal masks with verdicts: columns `head`, `mask` and `verdict` (1 passes strict, 2 lenient only, 3
 * insufficient, x not rateable), and where given `borderline`, `brain_ml` and `seen`. Throws `table-unusable`.
 */
export function removalTable(text: string): RemovalRow[] {
  const [header = [], ...body] = parseDelimited(text);
  const refuse = (sentence: string, facts: Record<string, unknown> = {}): never => {
    throw new AppError('table-unusable', sentence, facts);
  };
  const column = (name: string): number => header.findIndex((cell) => cell.trim() === name);
  for (const name of ['head', 'mask', 'verdict'])
    if (column(name) < 0) refuse(`There is no column ${name}.`, { column: name, header });
  return body.map((cells, n) => {
    const cell = (name: string): string => (column(name) < 0 ? '' : (cells[column(name)] ?? '').trim());
    const verdictIn = (name: string, others: readonly string[]): Verdict | null => {
      const found = verdicts.find((one) => String(one) === cell(name));
      if (found === undefined && !others.includes(cell(name)))
        refuse(`Row ${n + 2} has no ${name} of 1, 2 or 3.`, { row: n + 2, column: name });
      return found ?? null;
    };
    const brainMl = cell('brain_ml') === '' ? null : Number(cell('brain_ml'));
    if (brainMl !== null && !(brainMl >= 0 && Number.isFinite(brainMl)))
      refuse(`Row ${n + 2} has no number of ml in the column brain_ml.`, { row: n + 2, column: 'brain_ml' });
    if (cell('head') === '' || cell('mask') === '')
      refuse(`Row ${n + 2} names no head or no mask.`, { row: n + 2 });
    return {
      head: cell('head'),
      mask: cell('mask'),
      verdict: verdictIn('verdict', ['x']),
      borderline: verdictIn('borderline', ['']),
      brainMl,
      seen: cell('seen'),
    };
  });
}
