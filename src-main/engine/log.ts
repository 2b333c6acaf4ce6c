import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export type Log = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

/**
 * JSON lines in `logs/`, a file a day, for whoever has to find out what happened. Ids, codes and numbers; never names of
 * people or files. A log that cannot be written stops nothing.
 */
export function openLog(studyFolder: string, now: () => string): Log {
  const folder = join(studyFolder, 'logs');
  return (event, facts = {}) => {
    const at = now();
    try {
      mkdirSync(folder, { recursive: true });
      appendFileSync(
        join(folder, `${at.slice(0, 10)}.jsonl`),
        `${JSON.stringify({ at, event, ...facts })}\n`,
      );
    } catch {
      // A full disk stops the work by the files it cannot write, with a sentence.
    }
  };
}
