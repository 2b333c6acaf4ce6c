import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** Whether `path` lies below `folder` or is it; both as they really lie, without links and dots. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The real path of `name` below `folder`, or null where it leads out of it, by dots or by a symbolic link. */
export async function insideOf(folder: string, name: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, name));
    return path !== root && isBelow(root, path) ? path : null;
  } catch {
    return null;
  }
}
