/** Bytes with the facts needed to read them. */
export interface Fetched<Facts = object> {
  readonly buffer: ArrayBuffer;
  readonly facts: Facts;
}
type Fetch = (name: string, signal?: AbortSignal) => Promise<Fetched | null>;

/**
 * Keeps what was fetched until others need the room, so that the next scan is there before it is asked for. In memory
 * only: faces are never left in a browser's files.
 */
export class ByteCache {
  readonly #fetch: Fetch;
  readonly #mostBytes: number;
  readonly #kept = new Map<string, { made: Promise<Fetched | null>; bytes: number; url: string | null }>();
  #ahead = new AbortController();

  constructor(fetch: Fetch, mostBytes = 512 * 2 ** 20) {
    this.#fetch = fetch;
    this.#mostBytes = mostBytes;
  }

  get<Facts>(name: string): Promise<Fetched<Facts> | null> {
    return this.#entry(name).made as Promise<Fetched<Facts> | null>;
  }

  /** An address for a picture element; '' where there is no such picture. Lives as long as the picture is kept. */
  async urlOf(name: string): Promise<string> {
    const entry = this.#entry(name);
    const found = await entry.made;
    if (found === null) return '';
    entry.url ??= URL.createObjectURL(new Blob([found.buffer], { type: 'image/png' }));
    return entry.url;
  }

  /** Fetches these one after the other while nothing else is asked for; another call ends the one before. */
  async prefetch(names: readonly string[]): Promise<void> {
    this.#ahead.abort();
    this.#ahead = new AbortController();
    const { signal } = this.#ahead;
    for (const name of names) {
      if (signal.aborted) return;
      await this.get(name).catch(() => null);
    }
  }

  /** Forgets everything: results on disk have changed. */
  clear(): void {
    this.#ahead.abort();
    for (const name of [...this.#kept.keys()]) this.#drop(name);
  }

  #entry(name: string) {
    const known = this.#kept.get(name);
    if (known !== undefined) {
      this.#kept.delete(name);
      this.#kept.set(name, known); // the last used is dropped last
      return known;
    }
    const entry: { made: Promise<Fetched | null>; bytes: number; url: string | null } = {
      made: this.#fetch(name),
      bytes: 0,
      url: null,
    };
    this.#kept.set(name, entry);
    entry.made.then(
      (found) => {
        entry.bytes = found?.buffer.byteLength ?? 0;
        this.#makeRoom(name);
      },
      () => this.#drop(name),
    );
    return entry;
  }

  #makeRoom(keep: string): void {
    let total = [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [name, { bytes }] of this.#kept) {
      if (total <= this.#mostBytes) return;
      if (name === keep || bytes === 0) continue;
      total -= bytes;
      this.#drop(name);
    }
  }

  #drop(name: string): void {
    const url = this.#kept.get(name)?.url ?? null;
    if (url !== null) URL.revokeObjectURL(url);
    this.#kept.delete(name);
  }
}
