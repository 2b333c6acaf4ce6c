import { access } from 'node:fs/promises';
import { readBeginning } from './readBytes.ts';

export interface PairPaths {
  readonly headerPath: string;
  /** null where header and voxels are one file, or where no `.img` lies beside the `.hdr`. */
  readonly voxelPath: string | null;
}

/** `scan.hdr` and `scan.img` are one image, each perhaps packed; any other name is a file of its own. */
export async function findPair(path: string): Promise<PairPaths> {
  const match = /^(.*)\.(hdr|img)(\.gz)?$/i.exec(path);
  if (match === null) return { headerPath: path, voxelPath: null };
  const [, stem, part] = match;
  const isHeader = part.toLowerCase() === 'hdr';
  const upper = part === part.toUpperCase();
  const other = await firstThere(
    [`${stem}.${isHeader ? 'img' : 'hdr'}`, `${stem}.${isHeader ? 'img' : 'hdr'}.gz`].map((candidate) =>
      upper ? stem + candidate.slice(stem.length).toUpperCase() : candidate,
    ),
  );
  if (isHeader) return { headerPath: path, voxelPath: other };
  if (other !== null) return { headerPath: other, voxelPath: path };
  await readBeginning(path, 1);
  return { headerPath: path, voxelPath: null };
}

async function firstThere(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    try {
      await access(path);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}
