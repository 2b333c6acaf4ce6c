import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileWhole } from '../files/writeFile.ts';
import { studyFileName } from '../store/openStore.ts';
import type { RecentStudy } from '../../src-shared/api/workspaceContract.ts';

const most = 12;

/** The studies opened on this machine last, in a small file of its own; never anything of what is in them. */
export function recentStudies(path: string) {
  function read(): { folder: string; at: string }[] {
    try {
      const rows: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (!Array.isArray(rows)) return [];
      return rows.filter(
        (row): row is { folder: string; at: string } =>
          typeof row === 'object' && row !== null && typeof (row as { folder?: unknown }).folder === 'string',
      );
    } catch {
      return []; // none opened yet, or a file that no longer says anything
    }
  }
  return {
    list: (): RecentStudy[] =>
      read().map(({ folder, at }) => ({
        folder,
        at,
        name: basename(folder),
        missing: !existsSync(join(folder, studyFileName)),
      })),
    add: (folder: string, at: string): Promise<void> =>
      writeFileWhole(
        path,
        JSON.stringify(
          [{ folder, at }, ...read().filter((row) => row.folder !== folder)]
            .toSorted((a, b) => (a.at < b.at ? 1 : -1))
            .slice(0, most),
          null,
          1,
        ),
      ),
    forget: (folder: string): Promise<void> =>
      writeFileWhole(
        path,
        JSON.stringify(
          read().filter((row) => row.folder !== folder),
          null,
          1,
        ),
      ),
  };
}
