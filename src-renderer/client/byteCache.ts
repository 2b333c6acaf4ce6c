/** Bytes with the facts needed to read them. */
export interface Fetched<Facts = object> {
  readonly buffer: ArrayBuffer;
  readonly facts: Facts;
}
interface Entry {
  readonly made: Promise<Fetched | null>;
  readonly stop: AbortController;
  waits: boolean;
  bytes: number;
  url: string | null;
}

type Fetch = (name: string, signal?: AbortSignal) => Promise<Fetched | null>;

/**
 * Keeps what was fetched until others need the room, so that the next scan is there before it is asked for. In memory
 * only: faces are never left in a browser's files.
 */
export class ByteCache {
  readonly #fetch: Fetch;
  readonly #mostBytes: number;
  readonly #kept = new Map<string, Entry>();
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

  /** Gives up what has not come yet and is not among these: somebody waits for something else now. */
  abandon(names: readonly string[]): void {
    this.#ahead.abort();
    for (const [name, { waits, stop }] of [...this.#kept]) {
      if (!waits || names.includes(name)) continue;
      stop.abort();
      this.#drop(name);
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
    const stop = new AbortController();
    const entry: Entry = {
      stop,
      waits: true,
      made: this.#fetch(name, stop.signal),
      bytes: 0,
      url: null,
    };
    this.#kept.set(name, entry);
    entry.made.then(
      (found) => {
        entry.waits = false;
        entry.bytes = found?.buffer.byteLength ?? 0;
        this.#makeRoom(name);
      },
      () => {
        if (this.#kept.get(name) === entry) this.#drop(name);
      },
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
