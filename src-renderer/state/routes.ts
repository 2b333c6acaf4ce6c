/** Every screen: its address after the #, its name, the key that opens it after g, and what it is for. */
export const routes = [
  { id: 'home', title: 'Home', key: 'h', needsStudy: false, about: 'Recent studies, a new one, the sample' },
  { id: 'overview', title: 'Overview', key: 'o', needsStudy: true, about: 'The study at a glance' },
  { id: 'import', title: 'Import', key: 'i', needsStudy: true, about: 'Bring head scans into the study' },
  { id: 'batch', title: 'Batch', key: 'b', needsStudy: true, about: 'Deface, render and measure' },
  { id: 'scans', title: 'Scans', key: 's', needsStudy: true, about: 'All scans and what became of them' },
  {
    id: 'compare',
    title: 'Compare',
    key: 'c',
    needsStudy: true,
    about: 'Original and defaced, side by side',
  },
  { id: 'settings', title: 'Settings', key: ',', needsStudy: false, about: 'Tools, workers, theme' },
  {
    id: 'help',
    title: 'Help',
    key: '?',
    needsStudy: false,
    about: 'A page for every feature, tool and error',
  },
] as const;
export type RouteId = (typeof routes)[number]['id'];

export interface Place {
  readonly route: RouteId;
  /** What follows the screen's name in the address, e.g. a scan's number. */
  readonly rest: string;
}

/** `#/compare/12` to its place; an unknown address is home. */
export function placeOf(hash: string): Place {
  const [name, ...rest] = hash.replace(/^#\/?/, '').split('/');
  const route = routes.find(({ id }) => id === name)?.id ?? 'home';
  return { route, rest: rest.map((part) => decodeURIComponent(part)).join('/') };
}

export const hashOf = ({ route, rest }: Place): string => `#/${route}${rest === '' ? '' : `/${rest}`}`;
