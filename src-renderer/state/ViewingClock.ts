/** How long a pair was really in view, ms: stands still while the window is hidden or the rater rests. */
export class ViewingClock {
  readonly #now: () => number;
  #before = 0;
  /** When it last began to run; null while it stands. */
  #since: number | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  get ms(): number {
    return this.#before + (this.#since === null ? 0 : this.#now() - this.#since);
  }

  restart(): void {
    this.#before = 0;
    this.#since = this.#now();
  }

  pause(): void {
    this.#before = this.ms;
    this.#since = null;
  }

  resume(): void {
    this.#since ??= this.#now();
  }
}
