import { MediaQuery } from 'svelte/reactivity';
import type { Sorting } from '../parts/column.ts';

export type ScanList = 'scans' | 'faces';

const key = 'columns of faces';
/** What a verdict does not rest on gives way where the window is narrow. */
const hiddenWhereNarrow = ['forehead', 'left-cheek', 'right-cheek', 'left-ear', 'right-ear'];
const wide = new MediaQuery('min-width: 1600px');

/** How somebody looks at the list of scans: kept while other screens are open; the columns beyond that, on this machine. */
export class ScanLists {
  list = $state<ScanList>('scans');
  faceSorting = $state.raw<Sorting | null>(null);
  #hidden = $state.raw<readonly string[] | null>(null);

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as unknown;
      if (Array.isArray(kept)) this.#hidden = kept.filter((each) => typeof each === 'string');
    } catch {
      localStorage.removeItem(key); // what was kept no longer says anything
    }
  }

  /** Columns that are not shown: those somebody took away, or those that have no room. */
  get hidden(): readonly string[] {
    return this.#hidden ?? (wide.current ? [] : hiddenWhereNarrow);
  }

  hide(columns: readonly string[]): void {
    this.#hidden = columns;
    localStorage.setItem(key, JSON.stringify(columns));
  }
}

export const scanLists = new ScanLists();
