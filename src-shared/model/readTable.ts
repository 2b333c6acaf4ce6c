import { AppError } from '../api/appError.ts';
import type { LearningTable } from './learningTable.ts';

/** Splits CSV or TSV into rows of cells: quotes as in RFC 4180, a byte order mark and blank lines are passed over. */
export function parseDelimited(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '');
  const firstLine = body.slice(0, body.search(/\r?\n|$/));
  const separator = firstLine.includes('\t')
    ? '\t'
    : firstLine.includes(';') && !firstLine.includes(',')
      ? ';'
      : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (body[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === separator) {
      row.push(cell);
      cell = '';
    } else if (c === '\n') {
      row.push(cell);
      rows.push(row);
      row = [];
      cell = '';
    } else if (c !== '\r') cell += c;
  }
  if (quoted) throw new AppError('table-unusable', 'The table ends inside a quoted cell.');
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((entry) => entry.trim() !== ''));
}

const missing = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '.']);
const positive = new Set(['1', 'true', 'yes', 'insufficient', 'fail']);
const negative = new Set(['0', 'false', 'no', 'adequate', 'pass']);

export interface TableColumns {
  readonly label: string;
  /** Column that names the person; nothing is split by row. */
  readonly person: string;
  readonly tool?: string;
  readonly item?: string;
  /** Absent: every other column that holds numbers. */
  readonly features?: readonly string[];
}

/** A learning table out of delimited text, with what was left out. Errors: `table-unusable`. */
export function readLearningTable(
  text: string,
  columns: TableColumns,
): { table: LearningTable; leftOut: { row: number; reason: string }[]; ignoredColumns: string[] } {
  const refuse = (sentence: string, facts: Record<string, unknown> = {}): never => {
    throw new AppError('table-unusable', sentence, facts);
  };
  const rows = parseDelimited(text);
  if (rows.length < 2) refuse('The table has no rows below its header.');
  const header = rows[0].map((name) => name.trim());
  const twice = header.filter((name, j) => header.indexOf(name) !== j);
  if (twice.length > 0) refuse(`The column ${twice[0]} occurs twice in the header.`, { columns: twice });
  const at = (name: string, purpose: string): number => {
    const index = header.indexOf(name);
    if (index < 0)
      refuse(
        purpose === 'person'
          ? `There is no person column ${name}. Without it the same person could be learned from and tested on, so nothing is trained.`
          : `There is no ${purpose} column ${name}.`,
        { column: name, header },
      );
    return index;
  };
  const labelAt = at(columns.label, 'label');
  const personAt = at(columns.person, 'person');
  const toolAt = columns.tool === undefined ? -1 : at(columns.tool, 'tool');
  const itemAt = columns.item === undefined ? -1 : at(columns.item, 'item');
  const used = new Set([labelAt, personAt, toolAt, itemAt]);
  const body = rows.slice(1);
  for (const [i, cells] of body.entries())
    if (cells.length !== header.length)
      refuse(`Row ${i + 2} has ${cells.length} cells and the header ${header.length}.`, { row: i + 2 });
  const isNumber = (cell: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell);
  const isInfinite = (cell: string): boolean => /^[+-]?inf(inity)?$/i.test(cell);
  const ignoredColumns: string[] = [];
  let featureAt: number[];
  if (columns.features === undefined) {
    featureAt = [];
    for (let j = 0; j < header.length; j++) {
      if (used.has(j)) continue;
      const cells = body.map((row) => row[j].trim()).filter((cell) => !missing.has(cell.toLowerCase()));
      if (cells.length > 0 && cells.every((cell) => isNumber(cell) || isInfinite(cell))) featureAt.push(j);
      else ignoredColumns.push(header[j]);
    }
  } else {
    featureAt = columns.features.map((name) => at(name, 'feature'));
    const reserved = featureAt.find((j) => used.has(j));
    if (reserved !== undefined)
      refuse(`The column ${header[reserved]} cannot be a feature and something else.`);
  }
  const leftOut: { row: number; reason: string }[] = [];
  const values: number[] = [];
  const labels: number[] = [];
  const persons: string[] = [];
  const tools: string[] = [];
  const itemIds: string[] = [];
  for (const [i, cells] of body.entries()) {
    const line = i + 2;
    const label = cells[labelAt].trim().toLowerCase();
    if (missing.has(label)) {
      leftOut.push({ row: line, reason: 'no label' });
      continue;
    }
    if (!positive.has(label) && !negative.has(label))
      refuse(`The label in row ${line} is neither 1 (insufficient) nor 0 (adequate).`, {
        row: line,
        column: columns.label,
      });
    const person = cells[personAt].trim();
    if (missing.has(person.toLowerCase())) refuse(`Row ${line} names no person.`, { row: line });
    for (const j of featureAt) {
      const cell = cells[j].trim();
      if (missing.has(cell.toLowerCase())) values.push(Number.NaN);
      else if (isNumber(cell)) values.push(Number(cell));
      else if (isInfinite(cell))
        refuse(
          `The feature ${header[j]} is infinite in row ${line}; leave that row out or leave the value empty.`,
          {
            feature: header[j],
            row: line,
          },
        );
      else
        refuse(`The feature ${header[j]} holds text in row ${line} where a number is needed.`, {
          feature: header[j],
          row: line,
        });
    }
    labels.push(positive.has(label) ? 1 : 0);
    persons.push(person);
    if (toolAt >= 0) tools.push(cells[toolAt].trim());
    itemIds.push(itemAt >= 0 ? cells[itemAt].trim() : `row ${line}`);
  }
  return {
    table: {
      itemIds,
      features: featureAt.map((j) => ({ id: header[j], version: 1, block: null })),
      x: { rows: labels.length, columns: featureAt.length, values: Float64Array.from(values) },
      labels: Uint8Array.from(labels),
      persons,
      tools: toolAt >= 0 ? tools : null,
    },
    leftOut,
    ignoredColumns,
  };
}
