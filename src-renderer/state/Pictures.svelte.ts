import { untrack } from 'svelte';
import { viewNames, type ViewName } from '../../src-shared/views/viewNames.ts';

export const sides = ['original', 'defaced'] as const;
export type Side = (typeof sides)[number];

/** Addresses of the pictures of one pair, as `original/front`; one that is not there yet, or does not exist, is missing. */
export type PairPictures = ReadonlyMap<`${Side}/${ViewName}`, string>;

/** Fetches a picture by the name of its bytes; null where there is none. */
export type FetchPicture = (name: string, signal: AbortSignal) => Promise<Blob | null>;

/**
 * Pictures of the pair in view and of those that come next, fetched and decoded before they are needed, so that the next
 * pair stands at once. What is no longer wanted is given back.
 */
export class Pictures {
  #pairs = $state.raw<ReadonlyMap<string, PairPictures>>(new Map());
  readonly #fetch: FetchPicture;
  readonly #work = new Map<
    string,
    { stop: AbortController; done: Promise<void>; held: HTMLImageElement[] }
  >();

  constructor(fetch: FetchPicture) {
    this.#fetch = fetch;
  }

  of(base: string): PairPictures | null {
    return this.#pairs.get(base) ?? null;
  }

  /** Keeps exactly these pairs, named as their bytes begin (`item/<id>`), the first one first; resolves when that is there. */
  async keep(bases: readonly string[]): Promise<void> {
    // An effect that calls this must not run again because of what this itself changes.
    const pairs = untrack(() => this.#pairs);
    for (const [base, { stop }] of this.#work) {
      if (bases.includes(base)) continue;
      stop.abort();
      this.#work.delete(base);
      for (const url of pairs.get(base)?.values() ?? []) URL.revokeObjectURL(url);
    }
    this.#pairs = new Map([...pairs].filter(([base]) => bases.includes(base)));
    for (const base of bases) if (!this.#work.has(base)) this.#begin(base);
    await this.#work.get(bases[0] ?? '')?.done;
  }

  #begin(base: string): void {
    const stop = new AbortController();
    const held: HTMLImageElement[] = [];
    const names = sides.flatMap((side) => viewNames.map((view) => [side, view] as const));
    const done = Promise.all(
      names.map(async ([side, view]) => {
        const blob = await this.#fetch(`${base}/view/${side}/${view}`, stop.signal);
        if (blob === null) return [];
        const image = new Image();
        image.src = URL.createObjectURL(blob);
        await image.decode();
        held.push(image); // as long as it is held, the browser keeps it decoded
        return [[`${side}/${view}`, image.src] as const];
      }),
    ).then(
      (found) => {
        if (stop.signal.aborted) for (const [, url] of found.flat()) URL.revokeObjectURL(url);
        else this.#pairs = new Map(this.#pairs).set(base, new Map(found.flat()));
      },
      () => void this.#work.delete(base), // tried again when it is wanted again
    );
    this.#work.set(base, { stop, done, held });
  }
}
