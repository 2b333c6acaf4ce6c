import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeError } from './writeFile.ts';

const queues = new Map<string, Promise<void>>();

/**
 * The lines of a file of JSON values; a missing file has none, and a line that was cut off by a kill is
 * left out. What this process is still writing is waited for.
 */
export async function readLines<T>(path: string): Promise<T[]> {
  await queues.get(path);
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}

/** Adds a line, one after another per file; begins with a line break, so that a cut-off line before it stays alone. */
export async function appendLine(path: string, value: unknown): Promise<void> {
  const before = queues.get(path) ?? Promise.resolve();
  const own = before.then(async () => {
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `\n${JSON.stringify(value)}`);
    } catch (cause) {
      throw writeError(cause);
    }
  });
  queues.set(
    path,
    own.catch(() => undefined),
  );
  await own;
}
