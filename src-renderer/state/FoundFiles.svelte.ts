import type { FoundFile, FoundFiles as Found } from '../../src-shared/api/importCalls.ts';
import type { Suspicion } from '../../src-shared/suspects/suspicion.ts';

/** What a person said of a file before it is taken up. */
export type Change = Partial<Pick<FoundFile, 'person' | 'session' | 'modality'>> & {
  readonly leaveOut?: boolean;
};

type Ask = (input: { files: number; suspected: number }) => Promise<Found | null>;

/** Ways to tell the person from a path, for files whose names do not say it as BIDS does. */
export const personRules = ['asFound', 'firstFolder', 'parentFolder', 'namePrefix'] as const;
export type PersonRule = (typeof personRules)[number];

/** The person a rule reads from a path; null where the path has no such part. */
export function personByRule(rule: PersonRule, relativePath: string): string | null {
  const parts = relativePath.split('/');
  const name = parts.pop() ?? '';
  if (rule === 'firstFolder') return parts.at(0) ?? null;
  if (rule === 'parentFolder') return parts.at(-1) ?? null;
  if (rule === 'namePrefix') return /^[^_.-]+/.exec(name)?.[0] ?? null;
  return null;
}

/** The table of a folder that was looked through, and what the person changed on it. It outlives a visit elsewhere. */
export class FoundFiles {
  found = $state.raw<Omit<Found, 'files' | 'suspected'> | null>(null);
  files = $state.raw<readonly FoundFile[]>([]);
  suspicions = $state.raw<ReadonlyMap<string, readonly Suspicion[]>>(new Map());
  changes = $state.raw<ReadonlyMap<string, Change>>(new Map());

  /** Files as they would be taken. */
  rows = $derived(this.files.map((file) => ({ ...file, ...this.changes.get(file.relativePath) })));
  taken = $derived(
    this.rows.filter((row) => row.state === 'ok' && !row.known && row.leaveOut !== true).length,
  );

  readonly #ask: Ask;
  #asking = false;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Fetches what is new since the last time. */
  async refresh(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      let news = await this.#ask({ files: this.files.length, suspected: this.suspicions.size });
      if (news !== null && this.#isOther(news)) {
        this.#clear();
        news = await this.#ask({ files: 0, suspected: 0 });
      }
      if (news === null) {
        this.#clear();
        return;
      }
      const { files, suspected, ...found } = news;
      this.found = found;
      if (files.length > 0) this.files = [...this.files, ...files];
      if (suspected.length > 0) {
        this.suspicions = new Map([
          ...this.suspicions,
          ...suspected.map(({ relativePath, suspicions }) => [relativePath, suspicions] as const),
        ]);
      }
    } finally {
      this.#asking = false;
    }
  }

  /** Changes files; gives back how it was, for undo. */
  change(paths: readonly string[], change: (file: FoundFile) => Change): () => void {
    const before = this.changes;
    const next = new Map(before);
    for (const file of this.files) {
      if (paths.includes(file.relativePath))
        next.set(file.relativePath, { ...next.get(file.relativePath), ...change(file) });
    }
    this.changes = next;
    return () => (this.changes = before);
  }

  /** What differs from how it was found, as the import call takes it. */
  toTake(): {
    relativePath: string;
    person?: string;
    session?: string | null;
    modality?: FoundFile['modality'];
    leaveOut?: boolean;
  }[] {
    return this.files.flatMap((file) => {
      const { person, session, modality, leaveOut } = this.changes.get(file.relativePath) ?? {};
      const said = {
        ...(person !== undefined && person !== file.person && { person }),
        ...(session !== undefined && session !== file.session && { session }),
        ...(modality !== undefined && modality !== file.modality && { modality }),
        ...(leaveOut === true && { leaveOut }),
      };
      return Object.keys(said).length === 0 ? [] : [{ relativePath: file.relativePath, ...said }];
    });
  }

  #isOther(news: Found): boolean {
    return (
      (this.found !== null && this.found.folder !== news.folder) ||
      news.counts.files < this.files.length ||
      news.counts.suspected < this.suspicions.size
    );
  }

  #clear(): void {
    this.found = null;
    this.files = [];
    this.suspicions = new Map();
    this.changes = new Map();
  }
}
