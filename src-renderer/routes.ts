import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Columns2 from '@lucide/svelte/icons/columns-2';
import FolderInput from '@lucide/svelte/icons/folder-input';
import House from '@lucide/svelte/icons/house';
import List from '@lucide/svelte/icons/list';
import Play from '@lucide/svelte/icons/play';
import Settings from '@lucide/svelte/icons/settings';
import type { Component } from 'svelte';

/** What every screen is given: what follows its name in the address, e.g. a scan's id; '' for nothing. */
export interface ScreenProps {
  readonly rest: string;
}

/** Headings of the rail, in its order. A group without screens is not shown. */
export const groups = ['home', 'study', 'rating', 'learning', 'release', 'more'] as const;
export type Group = (typeof groups)[number];

interface Route {
  /** Its address after the #; its title is `routes.<id>` in words/shell.ts. */
  readonly id: string;
  readonly group: Group;
  /** Opens it after g. */
  readonly key: string;
  readonly needsStudy: boolean;
  readonly icon: Component;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a screen that needs no rest takes no props
  readonly load: () => Promise<{ default: Component<any> }>;
}

/** A new screen is a line here, a title in words/shell.ts and a file; it is fetched when first opened. */
// prettier-ignore
const table = [
  { id: 'home', group: 'home', key: 'h', needsStudy: false, icon: House, load: () => import('./screens/HomeScreen.svelte') },
  { id: 'overview', group: 'study', key: 'o', needsStudy: true, icon: ChartNoAxesColumn, load: () => import('./screens/OverviewScreen.svelte') },
  { id: 'import', group: 'study', key: 'i', needsStudy: true, icon: FolderInput, load: () => import('./screens/ImportScreen.svelte') },
  { id: 'batch', group: 'study', key: 'b', needsStudy: true, icon: Play, load: () => import('./screens/BatchScreen.svelte') },
  { id: 'scans', group: 'study', key: 's', needsStudy: true, icon: List, load: () => import('./screens/ScansScreen.svelte') },
  { id: 'compare', group: 'study', key: 'c', needsStudy: true, icon: Columns2, load: () => import('./screens/CompareScreen.svelte') },
  { id: 'settings', group: 'more', key: ',', needsStudy: false, icon: Settings, load: () => import('./screens/SettingsScreen.svelte') },
  { id: 'help', group: 'more', key: '?', needsStudy: false, icon: CircleHelp, load: () => import('./screens/HelpScreen.svelte') },
] as const satisfies readonly Route[];
export type RouteId = (typeof table)[number]['id'];

/** Every screen, in the order of the rail. */
export const routes: readonly (Route & { readonly id: RouteId })[] = table;

export interface Place {
  readonly route: RouteId;
  /** What follows the screen's name in the address. */
  readonly rest: string;
}

/** `#/compare/12` to its place; an unknown address is home. */
export function placeOf(hash: string): Place {
  const [name, ...rest] = hash.replace(/^#\/?/, '').split('/');
  const route = routes.find(({ id }) => id === name)?.id ?? 'home';
  return { route, rest: rest.map((part) => decodeURIComponent(part)).join('/') };
}

export const hashOf = ({ route, rest }: Place): string =>
  `#/${route}${rest === '' ? '' : `/${rest.split('/').map(encodeURIComponent).join('/')}`}`;

/** Opens a screen. */
export function go(route: RouteId, rest = ''): void {
  location.hash = hashOf({ route, rest });
}
