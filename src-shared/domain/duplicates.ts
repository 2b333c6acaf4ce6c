/** The file a scan repeats, and in what way. */
export interface Repeat<T> {
  readonly of: T;
  /** The same file, byte for byte, or the same voxels in the same place in another file. */
  readonly by: 'file' | 'voxels';
  readonly reason: string;
}

interface Hashed {
  readonly fileHash: string | null;
  readonly contentHash: string | null;
}

/** The first of `earlier` that `scan` repeats; null where none. Unreadable files repeat only the same bytes. */
export function duplicateOf<T extends Hashed>(scan: Hashed, earlier: Iterable<T>): Repeat<T> | null {
  for (const other of earlier) {
    if (scan.fileHash !== null && scan.fileHash === other.fileHash) {
      return {
        of: other,
        by: 'file',
        reason: 'This file is the same, byte for byte, as one taken up before.',
      };
    }
    if (scan.contentHash !== null && scan.contentHash === other.contentHash) {
      return {
        of: other,
        by: 'voxels',
        reason:
          'This image has the same voxels in the same place as one taken up before; only its file differs.',
      };
    }
  }
  return null;
}
