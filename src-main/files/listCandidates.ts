import { realpath, readdir, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { isImageName } from '../../src-shared/domain/scanIdentity.ts';
import { readError } from './readBytes.ts';

/** A file that may be a scan. */
export interface Candidate {
  readonly kind: 'file';
  readonly path: string;
  /** Below the folder chosen, `/` between its parts. */
  readonly relativePath: string;
  readonly bytes: number;
}

export type SkipReason = 'hidden' | 'derivatives' | 'folder-loop' | 'folder-unreadable' | 'link-broken';

/** A folder or image that was passed over, and why. */
export interface Skipped {
  readonly kind: 'skipped';
  readonly path: string;
  readonly relativePath: string;
  readonly reason: SkipReason;
  readonly sentence: string;
}

const sentences: Readonly<Record<SkipReason, string>> = {
  hidden: 'Hidden files and folders (their name begins with a dot) are not looked at.',
  derivatives:
    'A folder named derivatives holds results, not originals. Choose it itself to take its images up.',
  'folder-loop': 'This link leads back to a folder that was looked through already.',
  'folder-unreadable': 'This folder may not be read. Ask its owner for permission.',
  'link-broken': 'This link leads nowhere.',
};

/**
 * Walks a folder, or names a single file, without opening any image. Folders in the order of their names, each real folder
 * once however links lead to it. Throws `file-missing` or `file-forbidden` for the folder itself.
 */
export async function* listCandidates(folder: string): AsyncGenerator<Candidate | Skipped> {
  const facts = await stat(folder).catch((cause: unknown) => {
    throw readError(cause);
  });
  if (!facts.isDirectory()) {
    yield { kind: 'file', path: folder, relativePath: basename(folder), bytes: facts.size };
    return;
  }
  await readdir(folder).catch((cause: unknown) => {
    throw readError(cause);
  });
  yield* walk(folder, '', new Set());
}

async function* walk(folder: string, below: string, seen: Set<string>): AsyncGenerator<Candidate | Skipped> {
  const skip = (reason: SkipReason, path = folder, relativePath = below): Skipped => ({
    kind: 'skipped',
    path,
    relativePath,
    reason,
    sentence: sentences[reason],
  });
  let names: string[];
  try {
    const real = await realpath(folder);
    if (seen.has(real)) {
      yield skip('folder-loop');
      return;
    }
    seen.add(real);
    names = await readdir(folder);
  } catch {
    yield skip('folder-unreadable');
    return;
  }
  for (const name of names.sort(byName)) {
    const path = join(folder, name);
    const relativePath = below === '' ? name : posix.join(below, name);
    const facts = await stat(path).catch(() => null);
    if (facts === null) {
      if (isImageName(name)) yield skip('link-broken', path, relativePath);
    } else if (facts.isDirectory()) {
      if (name.startsWith('.')) yield skip('hidden', path, relativePath);
      else if (name === 'derivatives') yield skip('derivatives', path, relativePath);
      else yield* walk(path, relativePath, seen);
    } else if (isImageName(name)) {
      if (name.startsWith('.')) yield skip('hidden', path, relativePath);
      else yield { kind: 'file', path, relativePath, bytes: facts.size };
    }
  }
}

/** By code points, numbers by value: the same order on every machine, sub-2 before sub-10. */
function byName(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.replace(/\d+/g, (digits) => digits.padStart(12, '0')));
  return left < right ? -1 : left > right ? 1 : a < b ? -1 : a > b ? 1 : 0;
}
