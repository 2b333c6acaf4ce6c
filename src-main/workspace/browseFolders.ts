import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AppError } from '../../src-shared/api/appError.ts';
import type { FolderListing } from '../../src-shared/api/workspaceContract.ts';
import { isBelow } from '../files/insideOf.ts';
import { studyFileName } from '../store/openStore.ts';

const image = /\.(nii|nii\.gz|hdr)$/i;

/**
 * One folder for the folder picker of the browser: its sub-folders and how many images lie in it, never its files' names.
 * Nothing outside `roots` is shown, by dots or by links, and nothing of what lies in `closed`. Throws `folder-outside`,
 * `folder-missing`.
 */
export async function browseFolder(
  folder: string | null,
  roots: readonly string[],
  { closed = null }: { closed?: string | null } = {},
): Promise<FolderListing> {
  if (folder === null) {
    return {
      path: null,
      parent: null,
      images: 0,
      isStudy: false,
      folders: roots.map((path) => ({ path, name: path })),
    };
  }
  const path = await insideRoots(folder, roots);
  const hidden = closed !== null && (await isInside(path, [closed]));
  const entries = await readdir(path, { withFileTypes: true }).catch(() => {
    throw new AppError(
      'folder-missing',
      'This folder can not be opened. It may be gone, or you may not read it.',
    );
  });
  const folders = (hidden ? [] : entries)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ path: join(path, name), name }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const parent = dirname(path);
  return {
    path,
    parent: (await isInside(parent, roots)) ? parent : null,
    images: hidden ? 0 : entries.filter(({ name }) => image.test(name)).length,
    isStudy: existsSync(join(path, studyFileName)),
    folders,
  };
}

/** The real path of a folder that lies below one of the roots, or does not exist yet below one. */
export async function insideRoots(folder: string, roots: readonly string[]): Promise<string> {
  const wanted = resolve(folder);
  let existing = wanted;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  if (!isAbsolute(folder) || !(await isInside(existing, roots))) {
    throw new AppError(
      'folder-outside',
      'This folder lies outside those the workstation may use. Start it with --root to allow another.',
    );
  }
  return join(await realpath(existing), relative(existing, wanted));
}

async function isInside(folder: string, roots: readonly string[]): Promise<boolean> {
  try {
    const real = await realpath(folder);
    for (const root of roots) if (isBelow(await realpath(root), real)) return true;
  } catch {
    return false; // no such folder
  }
  return false;
}
