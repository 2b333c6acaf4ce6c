import { claimKeys, isTyping } from '../../state/Keys.svelte.ts';
import { ratingKeys, type RatingAction } from '../../state/ratingKeys.ts';
import type { RatingLook } from '../../state/RatingLook.svelte.ts';
import { workstation } from '../../state/Workstation.svelte.ts';
import { firstLook, lookBy, type Looking } from './stage.ts';

interface Ways {
  readonly look: RatingLook;
  /** The field that the key for a note leads to. */
  readonly noteId: string;
  /** The key that records from within that field. */
  readonly recordsFromNote: 'Enter' | 'Ctrl+Enter';
  /** Whether keys may change the look now. */
  readonly isOpen: () => boolean;
  /** What a key means that neither the eye nor the look uses: record, back, later and the like. */
  readonly onaction: (action: RatingAction) => void;
  /** A key changed the look. */
  readonly onpress?: () => void;
  /** A break, which any key ends. */
  readonly rest?: { readonly isOn: () => boolean; readonly end: () => void };
  /** Told how the pair is looked at: `views`, `large:front`, `slices`, `surfaces`, `held`. */
  readonly onlook?: (how: string) => void;
}

/** A pair on the desk: how it is looked at, and what keys do. The same in rating, practice and the consensus session. */
export class Desk {
  looking = $state.raw<Looking>(firstLook);
  /** The original stands in the place of the defaced one. */
  held = $state(false);
  sheet = $state(false);
  readonly #ways: Ways;

  constructor(ways: Ways) {
    this.#ways = ways;
  }

  /** Takes the whole window and its keys, until the function it returns is called. */
  take(): () => void {
    workstation.wholeWindow = true;
    const release = claimKeys(
      (event) =>
        !dialogOpen() &&
        (this.#resting() || this.#ways.look.choosingExclusion || ratingKeys.actionOf(event) !== null),
    );
    return () => {
      release();
      workstation.wholeWindow = false;
    };
  }

  /** Another pair: all five views again. */
  restart(): void {
    this.looking = firstLook;
  }

  see(next: Looking): void {
    this.looking = next;
    this.#ways.onlook?.(next.stage === 'large' ? `large:${next.view}` : next.stage);
  }

  press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || dialogOpen()) return;
    const { look, isOpen, onaction } = this.#ways;
    if (isTyping(event)) {
      this.#typed(event);
      return;
    }
    if (isOfButton(event)) return;
    if (this.#resting()) {
      event.preventDefault();
      this.#ways.rest?.end();
      return;
    }
    if (isOpen() && look.pressExclusion(event.key)) {
      event.preventDefault();
      this.#ways.onpress?.();
      if (look.exclusion === 'other') this.#focusNote();
      return;
    }
    const action = ratingKeys.actionOf(event);
    if (event.key === 'Escape' && this.looking.stage !== 'views')
      this.see({ ...this.looking, stage: 'views' });
    if (action === null) return;
    event.preventDefault();
    if (action === 'original') {
      this.held = true;
      this.#ways.onlook?.('held');
      return;
    }
    if (event.repeat) return;
    const next = lookBy(action, this.looking);
    if (next !== null) this.see(next);
    else if (action === 'sheet') this.sheet = true;
    else if (action === 'note') this.#focusNote();
    else if (isOpen() && look.press(action)) this.#ways.onpress?.();
    else onaction(action);
  };

  release = (event: KeyboardEvent): void => {
    if (!this.held || !ratingKeys.matches(event, 'original')) return;
    this.held = false;
    event.preventDefault();
  };

  #resting(): boolean {
    return this.#ways.rest?.isOn() === true;
  }

  #typed(event: KeyboardEvent): void {
    const wanted = this.#ways.recordsFromNote === 'Enter' ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (event.key !== 'Enter' || !wanted || (event.target as HTMLElement).id !== this.#ways.noteId) return;
    event.preventDefault();
    (event.target as HTMLElement).blur();
    this.#ways.onaction('commit');
  }

  #focusNote(): void {
    document.getElementById(this.#ways.noteId)?.focus();
  }
}

/** Asked of the page: a dialog that was closed tells of it a moment later, when the next key may be pressed already. */
const dialogOpen = (): boolean => document.querySelector('dialog[open]') !== null;

/** A button reached with Tab keeps Enter and Space for itself. */
const isOfButton = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLButtonElement &&
  event.target.matches(':focus-visible') &&
  (event.key === 'Enter' || event.code === 'Space');
