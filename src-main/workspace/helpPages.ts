import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HelpPage } from '../../src-shared/api/workspaceContract.ts';

/** Every page of resources/help: id by its place (features/fsim_library), title from its first line, text as Markdown. */
export async function readHelpPages(folder: string): Promise<HelpPage[]> {
  const names = await readdir(folder, { recursive: true });
  const pages = await Promise.all(
    names
      .filter((name) => name.endsWith('.md'))
      .map(async (name) => {
        const text = await readFile(join(folder, name), 'utf8');
        const id = name.replaceAll('\\', '/').replace(/\.md$/, '');
        return { id, title: /^#\s+(.+)$/m.exec(text)?.[1] ?? id, text };
      }),
  );
  return pages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
