/** What was done last and can be taken back: a sentence, and how. */
export interface Undoable {
  readonly text: string;
  readonly undo: () => void | Promise<void>;
}

/** The last thing that can be taken back, offered for a while at the foot of the window and by the undo key. */
export class Undo {
  offered = $state.raw<Undoable | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  offer(text: string, undo: Undoable['undo']): void {
    this.offered = { text, undo };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.offered = null), 12_000);
  }

  async take(): Promise<void> {
    const { offered } = this;
    this.offered = null;
    await offered?.undo();
  }

  dismiss(): void {
    this.offered = null;
  }
}

export const undo = new Undo();
