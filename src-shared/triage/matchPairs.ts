import { identify } from '../domain/scanIdentity.ts';
import { sameGrid, type Grid } from '../volume/volume.ts';

export interface ImageFile {
  readonly path: string;
  /** Below the folder chosen, `/` between its parts. */
  readonly relativePath: string;
  readonly grid: Grid;
}

export type MatchedHow = 'name' | 'subject' | 'geometry';

export interface Pair {
  readonly original: ImageFile;
  readonly defaced: ImageFile;
  readonly how: MatchedHow;
}

export interface Matched {
  readonly pairs: readonly Pair[];
  readonly unmatched: readonly { readonly file: ImageFile; readonly reason: string }[];
}

/** What tools and people put behind or before a name to say that the face is gone. */
const marks =
  /[_.-]?(desc-[a-z0-9]+|pydefaced?|quickshear|quickshorn|fsl_?defaced?|mri_?defaced?|mideface|afni_?refacer?|reface[dr]?|deface[dr]?|defacing|anon(ymi[sz]ed)?|deid(entified)?|noface|skullfree)(?=[_.-]|$)/gi;

const bare = (relativePath: string): string =>
  (relativePath.split('/').at(-1) ?? '')
    .replace(/\.(nii|hdr|img)(\.gz)?$/i, '')
    .replace(marks, '')
    .replace(/^[_.-]+|[_.-]+$/g, '')
    .toLowerCase();

const subject = (relativePath: string): string | null => {
  const { person, session, modality, entities, bids } = identify(relativePath);
  return bids
    ? JSON.stringify([person, session, modality, entities.run ?? null, entities.acq ?? null])
    : null;
};

/**
 * Which original each defaced file belongs to: by its name without the marks of defacing, else by subject, session and
 * contrast, else by a grid that only one original has. Never by a guess: where two would fit, none is taken.
 */
export function matchPairs(originals: readonly ImageFile[], defaced: readonly ImageFile[]): Matched {
  const byName = Map.groupBy(originals, ({ relativePath }) => bare(relativePath));
  const bySubject = Map.groupBy(originals, ({ relativePath }) => subject(relativePath));
  const pairs: Pair[] = [];
  const unmatched: { file: ImageFile; reason: string }[] = [];
  for (const file of defaced) {
    const named = byName.get(bare(file.relativePath)) ?? [];
    const key = subject(file.relativePath);
    const ofSubject = key === null ? [] : (bySubject.get(key) ?? []);
    // The same name in folders of several people is told apart by the subject.
    const both = named.filter((each) => ofSubject.includes(each));
    const alike = originals.filter(({ grid }) => sameGrid(grid, file.grid, 1e-2));
    if (both.length === 1) pairs.push({ original: both[0], defaced: file, how: 'name' });
    else if (named.length === 1) pairs.push({ original: named[0], defaced: file, how: 'name' });
    else if (ofSubject.length === 1) pairs.push({ original: ofSubject[0], defaced: file, how: 'subject' });
    else if (alike.length === 1) pairs.push({ original: alike[0], defaced: file, how: 'geometry' });
    else {
      const many = Math.max(named.length, ofSubject.length, alike.length) > 1;
      const reason = many
        ? 'Several originals would fit. Name it like its original, or give it the same sub- and ses- labels.'
        : 'No original has its name, its subject or its grid.';
      unmatched.push({ file, reason });
    }
  }
  return { pairs, unmatched };
}
