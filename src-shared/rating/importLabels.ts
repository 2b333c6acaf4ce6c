import { AppError } from '../api/appError.ts';
import type { ImportPreview } from '../api/labelCalls.ts';
import { parseDelimited } from '../model/readTable.ts';
import { criteria, labelOf, type Criterion, type Label } from './verdict.ts';

/** Which column means what, and what its words mean. */
export interface ImportMapping {
  readonly scan: string;
  readonly tool: string;
  readonly verdict?: string | undefined;
  readonly strict?: string | undefined;
  readonly lenient?: string | undefined;
  readonly values?: Readonly<Record<string, Label>> | undefined;
  readonly tools?: Readonly<Record<string, string>> | undefined;
}

export interface ImportedRow {
  /** Line of the table, the header being 1. */
  readonly line: number;
  readonly scan: string;
  readonly tool: string;
  readonly labels: Readonly<Partial<Record<Criterion, Label>>>;
}

/** Words that need no mapping. */
const usualValues: Readonly<Partial<Record<string, Label>>> = {
  '0': 0,
  '1': 1,
  adequate: 0,
  pass: 0,
  insufficient: 1,
  fail: 1,
};
const most = 12;

/** Columns of a table made elsewhere with their words, and a guess which column is which by its name. */
export function previewImport(text: string, tools: readonly string[]): ImportPreview {
  const { header, rows } = tableOf(text);
  return {
    separator: separatorOf(text),
    rows: rows.length,
    columns: header.map((name, j) => {
      const values = [...new Set(rows.map((cells) => (cells[j] ?? '').trim()))];
      return { name, values: values.slice(0, most), different: values.length, guess: guessOf(name) };
    }),
    tools,
  };
}

function guessOf(name: string): ImportPreview['columns'][number]['guess'] {
  const plain = name.toLowerCase();
  if (/^(scan|file(name)?|image|original|path)$/.test(plain)) return 'scan';
  if (/^(tool|method|defacer|algorithm)$/.test(plain)) return 'tool';
  if (plain.includes('strict')) return 'strict';
  if (plain.includes('lenient')) return 'lenient';
  return /verdict|rating|score/.test(plain) ? 'verdict' : null;
}

/** Rows of a table under a mapping, and those that do not fit, with the reason. Throws `table-unusable`. */
export function readImport(
  text: string,
  mapping: ImportMapping,
): { rows: ImportedRow[]; leftOut: { line: number; reason: string }[] } {
  const { header, rows } = tableOf(text);
  const at = (name: string): number => {
    const index = header.indexOf(name);
    if (index < 0) throw new AppError('table-unusable', `There is no column ${name}.`, { column: name });
    return index;
  };
  const scanAt = at(mapping.scan);
  const toolAt = at(mapping.tool);
  const verdictAt = mapping.verdict === undefined ? null : at(mapping.verdict);
  const labelAt = criteria.flatMap((criterion) => {
    const name = mapping[criterion];
    return name === undefined ? [] : [{ criterion, index: at(name) }];
  });
  if (verdictAt === null && labelAt.length === 0) {
    throw new AppError('table-unusable', 'Say which column holds verdicts, or labels of a criterion.');
  }
  const values = new Map(
    Object.entries({ ...usualValues, ...mapping.values }).map(([word, label]) => [word.toLowerCase(), label]),
  );
  const taken: ImportedRow[] = [];
  const leftOut: { line: number; reason: string }[] = [];
  for (const [n, cells] of rows.entries()) {
    const line = n + 2;
    const cell = (index: number): string => (cells[index] ?? '').trim();
    const labels: Partial<Record<Criterion, Label>> = {};
    const strange: string[] = [];
    if (verdictAt !== null && cell(verdictAt) !== '') {
      const verdict = Number(cell(verdictAt));
      if (verdict === 1 || verdict === 2 || verdict === 3)
        for (const criterion of criteria) labels[criterion] = labelOf(verdict, criterion);
      else strange.push(`${cell(verdictAt)} is no verdict: 1, 2 or 3`);
    }
    for (const { criterion, index } of labelAt) {
      if (cell(index) === '') continue;
      const label = values.get(cell(index).toLowerCase());
      if (label === undefined) strange.push(`it is not said what ${cell(index)} means`);
      else labels[criterion] = label;
    }
    if (labels.strict === 0 && labels.lenient === 1)
      strange.push('a strict pass is a lenient pass, so these two labels cannot both be right');
    if (strange.length > 0) leftOut.push({ line, reason: strange.join('; ') });
    else if (Object.keys(labels).length === 0) leftOut.push({ line, reason: 'no label' });
    else {
      const tool = cell(toolAt);
      taken.push({ line, scan: cell(scanAt), tool: mapping.tools?.[tool] ?? tool, labels });
    }
  }
  return { rows: taken, leftOut };
}

function tableOf(text: string): { header: string[]; rows: string[][] } {
  const all = parseDelimited(text);
  if (all.length < 2) throw new AppError('table-unusable', 'The table has no rows below its header.');
  const [first, ...rows] = all;
  const header = first.map((name) => name.trim());
  const twice = header.find((name, j) => header.indexOf(name) !== j);
  if (twice !== undefined)
    throw new AppError('table-unusable', `The column ${twice} occurs twice in the header.`, {
      column: twice,
    });
  return { header, rows };
}

function separatorOf(text: string): ImportPreview['separator'] {
  const line = text.slice(0, text.search(/\r?\n|$/));
  return line.includes('\t') ? 'tab' : line.includes(';') && !line.includes(',') ? 'semicolon' : 'comma';
}
