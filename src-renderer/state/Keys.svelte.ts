import { words } from './words.svelte.ts';

const titles = words('keys', {
  palette: 'Commands',
  undo: 'Undo',
  help: 'Help on the keyboard',
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
  compareNext: 'n',
  comparePrevious: 'p',
  compareTool: 't',
  compareViews: 'v',
  compareSlices: 's',
  compareSurfaces: 'd',
  compareOriginal: 'Space',
};
export const keyActions = Object.keys(shipped) as KeyAction[];

/** A pressed key as it is shown and stored: `n`, `Ctrl+k`, `Space`. The command key of a Mac counts as Ctrl. */
export function keyOf(event: KeyboardEvent): string {
  const key = event.code === 'Space' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
}

/** Which key does what: as shipped, or as the person chose, remembered in this browser or window. */
export class Keys {
  #own = $state.raw<Partial<Record<KeyAction, string>>>(stored());

  of(action: KeyAction): string {
    return this.#own[action] ?? shipped[action];
  }

  title(action: KeyAction): string {
    return titles[action];
  }

  isOwn = (action: KeyAction): boolean => this.#own[action] !== undefined;

  /** The other action this key is taken by; null where it is free. */
  takenBy(key: string, action: KeyAction): KeyAction | null {
    return keyActions.find((other) => other !== action && this.of(other) === key) ?? null;
  }

  matches = (event: KeyboardEvent, action: KeyAction): boolean => keyOf(event) === this.of(action);

  set(action: KeyAction, key: string): void {
    this.#keep({ ...this.#own, [action]: key });
  }

  reset(action: KeyAction): void {
    this.#keep(Object.fromEntries(Object.entries(this.#own).filter(([name]) => name !== action)));
  }

  #keep(own: Partial<Record<KeyAction, string>>): void {
    this.#own = own;
    localStorage.setItem('keys', JSON.stringify(own));
  }
}

function stored(): Partial<Record<KeyAction, string>> {
  try {
    const kept = JSON.parse(localStorage.getItem('keys') ?? '{}') as Record<string, unknown>;
    return Object.fromEntries(
      keyActions.flatMap((action) => {
        const key = kept[action];
        return typeof key === 'string' ? [[action, key]] : [];
      }),
    );
  } catch {
    return {}; // what was kept no longer says anything
  }
}

export const keys = new Keys();

/** Whether a key goes into a field that takes text and so is no command. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement &&
  event.target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="range"])');
