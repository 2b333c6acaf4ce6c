import BrainCircuit from '@lucide/svelte/icons/brain-circuit';
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import ChartScatter from '@lucide/svelte/icons/chart-scatter';
import CheckCheck from '@lucide/svelte/icons/check-check';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Columns2 from '@lucide/svelte/icons/columns-2';
import Eye from '@lucide/svelte/icons/eye';
import FileText from '@lucide/svelte/icons/file-text';
import Filter from '@lucide/svelte/icons/funnel';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import FolderInput from '@lucide/svelte/icons/folder-input';
import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import Handshake from '@lucide/svelte/icons/handshake';
import House from '@lucide/svelte/icons/house';
import List from '@lucide/svelte/icons/list';
import ListChecks from '@lucide/svelte/icons/list-checks';
import PackageOpen from '@lucide/svelte/icons/package-open';
import Play from '@lucide/svelte/icons/play';
import Scale from '@lucide/svelte/icons/scale';
import Settings from '@lucide/svelte/icons/settings';
import Tags from '@lucide/svelte/icons/tags';
import Users from '@lucide/svelte/icons/users';
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
  /** Without it only to those who may see tools and scores: not to a rater while a round is open. */
  readonly openTo?: 'everyone' | 'raters' | 'owners';
  readonly icon: Component;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a screen that needs no rest takes no props
  readonly load: () => Promise<{ default: Component<any> }>;
}

/** A new screen is a line here, a title in words/shell.ts and a file; it is fetched when first opened. */
// prettier-ignore
const table = [
  { id: 'home', group: 'home', key: 'h', needsStudy: false, openTo: 'everyone', icon: House, load: () => import('./screens/HomeScreen.svelte') },
  { id: 'overview', group: 'study', key: 'o', needsStudy: true, icon: ChartNoAxesColumn, load: () => import('./screens/OverviewScreen.svelte') },
  { id: 'import', group: 'study', key: 'i', needsStudy: true, icon: FolderInput, load: () => import('./screens/ImportScreen.svelte') },
  { id: 'batch', group: 'study', key: 'b', needsStudy: true, icon: Play, load: () => import('./screens/BatchScreen.svelte') },
  { id: 'scans', group: 'study', key: 's', needsStudy: true, icon: List, load: () => import('./screens/ScansScreen.svelte') },
  { id: 'compare', group: 'study', key: 'c', needsStudy: true, icon: Columns2, load: () => import('./screens/CompareScreen.svelte') },
  { id: 'rate', group: 'rating', key: 'r', needsStudy: true, openTo: 'raters', icon: Eye, load: () => import('./screens/RateScreen.svelte') },
  { id: 'practice', group: 'rating', key: 'p', needsStudy: true, openTo: 'raters', icon: GraduationCap, load: () => import('./screens/PracticeScreen.svelte') },
  { id: 'consensus', group: 'rating', key: 'n', needsStudy: true, openTo: 'raters', icon: Handshake, load: () => import('./screens/ConsensusScreen.svelte') },
  { id: 'rounds', group: 'rating', key: 'u', needsStudy: true, openTo: 'owners', icon: ListChecks, load: () => import('./screens/RoundsScreen.svelte') },
  { id: 'agreement', group: 'rating', key: 'a', needsStudy: true, icon: Scale, load: () => import('./screens/AgreementScreen.svelte') },
  { id: 'labels', group: 'rating', key: 'l', needsStudy: true, icon: Tags, load: () => import('./screens/LabelsScreen.svelte') },
  { id: 'people', group: 'rating', key: 'w', needsStudy: true, openTo: 'everyone', icon: Users, load: () => import('./screens/PeopleScreen.svelte') },
  { id: 'lab', group: 'learning', key: 't', needsStudy: true, icon: FlaskConical, load: () => import('./screens/LabScreen.svelte') },
  { id: 'models', group: 'learning', key: 'm', needsStudy: true, icon: BrainCircuit, load: () => import('./screens/ModelsScreen.svelte') },
  { id: 'patterns', group: 'learning', key: 'z', needsStudy: true, icon: ChartScatter, load: () => import('./screens/PatternsScreen.svelte') },
  { id: 'triage', group: 'release', key: 'd', needsStudy: true, icon: Filter, load: () => import('./screens/TriageScreen.svelte') },
  { id: 'choose', group: 'release', key: 'q', needsStudy: true, icon: CheckCheck, load: () => import('./screens/ChooseScreen.svelte') },
  { id: 'export', group: 'release', key: 'e', needsStudy: true, openTo: 'owners', icon: PackageOpen, load: () => import('./screens/ExportScreen.svelte') },
  { id: 'report', group: 'release', key: 'f', needsStudy: true, openTo: 'owners', icon: FileText, load: () => import('./screens/ReportScreen.svelte') },
  { id: 'settings', group: 'more', key: ',', needsStudy: false, openTo: 'everyone', icon: Settings, load: () => import('./screens/SettingsScreen.svelte') },
  { id: 'help', group: 'more', key: '?', needsStudy: false, openTo: 'everyone', icon: CircleHelp, load: () => import('./screens/HelpScreen.svelte') },
] as const satisfies readonly Route[];
export type RouteId = (typeof table)[number]['id'];

/** Every screen, in the order of the rail. */
export const routes: readonly (Route & { readonly id: RouteId })[] = table;

/** What of a session decides which screens there are. */
interface Seeing {
  readonly sees: boolean;
  readonly mayRate: boolean;
  readonly isOwner: boolean;
}

/** Whether a screen has anything for this person; the engine checks every call besides. */
export function isOpenTo({ openTo }: Route, { sees, mayRate, isOwner }: Seeing): boolean {
  return { everyone: true, raters: mayRate, owners: isOwner, seeing: sees }[openTo ?? 'seeing'];
}

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
