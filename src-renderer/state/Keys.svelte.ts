import { words } from './words.svelte.ts';

const titles = words('keys', {
  palette: 'Commands',
  undo: 'Undo',
  help: 'Help on the keyboard',
  switchPerson: 'Change person',
  lock: 'Lock',
  compareNext: 'Compare: next scan',
  comparePrevious: 'Compare: previous scan',
  compareTool: 'Compare: next tool',
  compareViews: 'Compare: five views',
  compareSlices: 'Compare: slices',
  compareSurfaces: 'Compare: 3D',
  compareOriginal: 'Slices: the original, while held',
});
export type KeyAction = keyof typeof titles;

/** Keys as shipped. Digits for the five standard views and the arrows are fixed. */
const shipped: Readonly<Record<KeyAction, string>> = {
  palette: 'Ctrl+k',
  undo: 'Ctrl+z',
  help: '?',
  switchPerson: 'F8',
  lock: 'F9',
  compareNext: 'n',
  comparePrevious: 'p',
  compareTool: 't',
  compareViews: 'v',
  compareSlices: 's',
  compareSurfaces: 'd',
  compareOriginal: 'Space',
};

/** A pressed key as it is shown and stored: `n`, `Ctrl+k`, `Space`. The command key of a Mac counts as Ctrl. */
export function keyOf(event: KeyboardEvent): string {
  const key = event.code === 'Space' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
}

/** Which key does what in one table: as shipped, or as the person chose, remembered in this browser or window. */
export class Keys<Action extends string> {
  readonly actions: readonly Action[];
  readonly #name: string;
  readonly #titles: Readonly<Record<Action, string>>;
  readonly #shipped: Readonly<Record<Action, string>>;
  #own = $state.raw<Partial<Record<Action, string>>>({});

  /** `name` is where the person's own keys are kept; tables of screens that never show together may share keys. */
  constructor(
    name: string,
    titles: Readonly<Record<Action, string>>,
    shipped: Readonly<Record<Action, string>>,
  ) {
    this.#name = name;
    this.#titles = titles;
    this.#shipped = shipped;
    this.actions = Object.keys(shipped) as Action[];
    this.#own = this.#stored();
  }

  of(action: Action): string {
    return this.#own[action] ?? this.#shipped[action];
  }

  title(action: Action): string {
    return this.#titles[action];
  }

  isOwn = (action: Action): boolean => this.#own[action] !== undefined;

  /** The other action this key is taken by; null where it is free. */
  takenBy(key: string, action: Action): Action | null {
    return this.actions.find((other) => other !== action && this.of(other) === key) ?? null;
  }

  matches = (event: KeyboardEvent, action: Action): boolean => keyOf(event) === this.of(action);

  /** What a pressed key does; null for nothing. */
  actionOf(event: KeyboardEvent): Action | null {
    const key = keyOf(event);
    return this.actions.find((action) => this.of(action) === key) ?? null;
  }

  set(action: Action, key: string): void {
    this.#keep({ ...this.#own, [action]: key });
  }

  reset(action: Action): void {
    const own = { ...this.#own };
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy, just made
    delete own[action];
    this.#keep(own);
  }

  #keep(own: Partial<Record<Action, string>>): void {
    this.#own = own;
    localStorage.setItem(this.#name, JSON.stringify(own));
  }

  #stored(): Partial<Record<Action, string>> {
    const own: Partial<Record<Action, string>> = {};
    try {
      const kept = JSON.parse(localStorage.getItem(this.#name) ?? '{}') as Record<string, unknown>;
      for (const action of this.actions) {
        const key = kept[action];
        if (typeof key === 'string') own[action] = key;
      }
    } catch {
      // what was kept no longer says anything
    }
    return own;
  }
}

export const keys = new Keys('keys', titles, shipped);

let claim: ((event: KeyboardEvent) => boolean) | null = null;

/** A screen that uses most keys itself tells which are its own; the frame leaves those alone until the screen goes. */
export function claimKeys(own: (event: KeyboardEvent) => boolean): () => void {
  claim = own;
  return () => {
    if (claim === own) claim = null;
  };
}

export const isClaimed = (event: KeyboardEvent): boolean => claim?.(event) === true;

/** Whether a key goes into a field that takes text and so is no command. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  event.target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="range"])');
