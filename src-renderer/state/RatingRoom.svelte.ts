import { AppError } from '../../src-shared/api/appError.ts';
import type { ApiError } from '../../src-shared/api/answer.ts';
import type { ApiOf } from '../../src-shared/api/call.ts';
import type { OwnItem, ratingCalls, RatingItem, RatingQueue } from '../../src-shared/api/ratingCalls.ts';
import type { Look } from '../../src-shared/rating/verdict.ts';
import { roomWords } from '../words/ratingRoom.ts';
import type { Pictures } from './Pictures.svelte.ts';
import { RatingLook } from './RatingLook.svelte.ts';
import { ViewingClock } from './ViewingClock.ts';

export type RatingApi = Pick<
  ApiOf<typeof ratingCalls>,
  | 'ratings.next'
  | 'ratings.item'
  | 'ratings.mine'
  | 'ratings.commit'
  | 'ratings.undo'
  | 'ratings.later'
  | 'ratings.keepPlace'
>;

interface Means {
  readonly api: RatingApi;
  readonly pictures: Pick<Pictures, 'keep'>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly newId: () => string;
  /** A refusal that is about the session, not about the pair. */
  readonly onSession: () => void;
}

const aboutSession = ['session-locked', 'sign-in-needed'];
export const basesOf = (items: readonly (RatingItem | null)[]): string[] =>
  items.flatMap((item) => (item === null ? [] : [`item/${item.id}`]));

/**
 * One rater's way through a round: the pair in view and the look at it, on to the next, back to those before, and the
 * last one taken back. A verdict is on disk before the next pair shows; a look half made is kept as it is made.
 */
export class RatingRoom {
  readonly look = new RatingLook();
  readonly clock: ViewingClock;
  queue = $state.raw<RatingQueue | null>(null);
  /** The pair in view: the next one to rate, or one that was rated before and is looked at again. */
  item = $state.raw<RatingItem | null>(null);
  resting = $state(false);
  busy = $state(false);
  /** Why the last key did nothing, or what it did; also read out. */
  said = $state('');
  problem = $state.raw<ApiError | null>(null);

  /** A pair from before is in view. */
  goneBack = $derived(this.item !== null && this.item.id !== this.queue?.item?.id);
  changed = $derived(JSON.stringify(this.look.value) !== JSON.stringify(plain(this.item?.decided ?? null)));

  readonly #means: Means;
  readonly #roundId: string;
  #decisionId: string;
  #keeping: Promise<unknown> | null = null;
  #toKeep: { itemId: string; look: Look } | null = null;

  constructor(roundId: string, means: Means) {
    this.#roundId = roundId;
    this.#means = means;
    this.#decisionId = means.newId();
    this.clock = new ViewingClock(means.now);
  }

  async open(): Promise<void> {
    await this.#attempt(async () =>
      this.#go(await this.#means.api['ratings.next']({ roundId: this.#roundId })),
    );
  }

  /** Records the look and shows the next pair; where a pair from before was not changed, only goes on. */
  async commit(render: Readonly<Record<string, unknown>>): Promise<void> {
    const { item } = this;
    if (item === null || this.busy) return;
    if (this.goneBack && !this.changed) {
      await this.#forward(item);
      return;
    }
    if (this.look.missing !== null) {
      this.said = this.look.missing;
      return;
    }
    const wait = item.minViewingMs - this.clock.ms;
    if (wait > 0) {
      this.said = roomWords.tooSoon({ seconds: (Math.ceil(wait / 100) / 10).toFixed(1) });
      return;
    }
    this.#toKeep = null;
    await this.#attempt(async () => {
      await this.#keeping; // a draft that arrived after the verdict would stand beside it
      const { queue } = await this.#means.api['ratings.commit']({
        id: this.#decisionId,
        itemId: item.id,
        look: this.look.value,
        viewingMs: Math.round(this.clock.ms),
        render: { ...render },
      });
      this.#go(queue);
    });
  }

  /** To the pair that was rated before the one in view. */
  async back(): Promise<void> {
    if (this.busy) return;
    await this.#attempt(async () => {
      const rated = await this.#rated();
      const here = rated.findIndex(({ itemId }) => itemId === this.item?.id);
      const last = (here === -1 ? rated : rated.slice(0, here)).at(-1);
      if (last === undefined) this.said = roomWords.nothingBefore;
      else this.#show(await this.#means.api['ratings.item']({ itemId: last.itemId }));
    });
  }

  /** Takes the last committed verdict back and returns to its pair. */
  async undo(): Promise<void> {
    if (this.busy) return;
    if (this.queue?.canUndo !== true) {
      this.said = roomWords.nothingToUndo;
      return;
    }
    await this.#attempt(async () => {
      const { look } = await this.#means.api['ratings.undo']({
        id: this.#means.newId(),
        roundId: this.#roundId,
      });
      const queue = await this.#means.api['ratings.next']({ roundId: this.#roundId });
      this.#go(queue);
      this.look.begin(look);
      this.said = roomWords.undone;
    });
  }

  async later(): Promise<void> {
    const { item } = this;
    if (item === null || this.busy) return;
    if (this.goneBack) {
      this.said = roomWords.ratedAlready;
      return;
    }
    await this.#attempt(async () => {
      this.#go(await this.#means.api['ratings.later']({ itemId: item.id }));
      this.said = roomWords.putOff;
    });
  }

  rest(): void {
    this.resting = true;
    this.clock.pause();
  }

  goOn(): void {
    this.resting = false;
    this.clock.resume();
  }

  /** Keeps a look half made, so that a reload, a lock or a crash does not cost it. */
  keep(look: Look): void {
    if (this.item === null || this.goneBack || (this.look.untouched && this.item.draft === null)) return;
    this.#toKeep = { itemId: this.item.id, look };
    this.#keeping ??= this.#keepAll().finally(() => (this.#keeping = null));
  }

  async #keepAll(): Promise<void> {
    for (let next = this.#toKeep; next !== null; next = this.#toKeep) {
      this.#toKeep = null;
      await this.#means.api['ratings.keepPlace'](next as Parameters<RatingApi['ratings.keepPlace']>[0]).catch(
        () => undefined, // the next call that matters says what is wrong
      );
    }
  }

  /** What the rater decided so far, in the order it was decided. */
  async #rated(): Promise<readonly OwnItem[]> {
    const mine = await this.#means.api['ratings.mine']({ roundId: this.#roundId });
    return mine
      .filter(({ state, at }) => state === 'done' && at !== null)
      .toSorted((a, b) => (a.at ?? '').localeCompare(b.at ?? '') || a.position - b.position);
  }

  async #forward(item: RatingItem): Promise<void> {
    await this.#attempt(async () => {
      const rated = await this.#rated();
      const next = rated[rated.findIndex(({ itemId }) => itemId === item.id) + 1] as OwnItem | undefined;
      if (next === undefined) this.#go(await this.#means.api['ratings.next']({ roundId: this.#roundId }));
      else this.#show(await this.#means.api['ratings.item']({ itemId: next.itemId }));
    });
  }

  #go(queue: RatingQueue): void {
    this.queue = queue;
    this.#show(queue.item);
  }

  #show(item: RatingItem | null): void {
    this.item = item;
    this.look.begin(item === null ? null : (item.draft ?? item.decided));
    this.#decisionId = this.#means.newId();
    this.said = '';
    this.clock.restart();
    const { queue } = this;
    const wanted = [...new Set(basesOf([item, queue?.item ?? null, ...(queue?.ahead ?? [])]))];
    void this.#means.pictures.keep(wanted).then(() => {
      // Waiting for pictures is not looking at them.
      if (this.item === item && !this.resting) this.clock.restart();
    });
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await action();
      this.problem = null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (aboutSession.includes(error.code)) this.#means.onSession();
      this.problem = { code: error.code, message: error.message, facts: error.facts };
    } finally {
      this.busy = false;
    }
  }
}

const plain = (look: Look | null): Look => ({
  verdict: look?.verdict ?? null,
  exclusion: look?.exclusion ?? null,
  remains: look?.remains ?? [],
  brainCut: look?.brainCut ?? false,
  note: look?.note ?? '',
  confidence: look?.confidence ?? null,
});
