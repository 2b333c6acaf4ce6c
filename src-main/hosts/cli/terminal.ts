import { AppError } from '../../../src-shared/api/appError.ts';

export interface OutputOptions {
  readonly json?: boolean;
}

/** Prints a result: as JSON, or in words. */
export function show(options: OutputOptions, value: unknown, inWords: () => string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(value, null, 2)}\n` : `${inWords()}\n`);
}

/** Prints a failure and makes the program end with 1. */
export function fail(options: OutputOptions, error: unknown): void {
  process.exitCode = 1;
  const known = error instanceof AppError;
  const code = known ? error.code : 'unexpected';
  const message = error instanceof Error ? error.message : String(error);
  if (options.json === true) {
    const facts = known ? error.facts : {};
    process.stdout.write(`${JSON.stringify({ error: { code, message, facts } }, null, 2)}\n`);
  } else {
    process.stderr.write(`${message}\n`);
    if (!known && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  }
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const texts = rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))));
  const widths = head.map((title, n) => Math.max(title.length, ...texts.map((row) => row[n].length)));
  const numeric = head.map(
    (_, n) => rows.length > 0 && rows.every((row) => row[n] === null || typeof row[n] === 'number'),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, n) => (numeric[n] ? cell.padStart(widths[n]) : cell.padEnd(widths[n])))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)].join('\n');
}

/** One line that is drawn over itself on a terminal; nothing elsewhere. */
export function progressLine(active: boolean): { draw: (text: string) => void; clear: () => void } {
  const { stderr } = process;
  if (!active || !stderr.isTTY) return { draw: () => undefined, clear: () => undefined };
  return {
    draw: (text) => stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns || 80) - 1)}`),
    clear: () => stderr.write('\r\x1b[2K'),
  };
}

/** `[#####-----] 5/10` */
export function bar(done: number, total: number | null, width = 30): string {
  if (total === null || total === 0) return `${done} files`;
  const filled = Math.round((width * done) / total);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${done}/${total}`;
}
