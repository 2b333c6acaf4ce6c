import { words } from '../state/words.svelte.ts';

/** Around the pages of the help; the pages themselves are in English. */
export const helpWords = words('help', {
  pages: 'Help pages',
  search: 'Search help',
  nothing: 'Nothing found.',
  noPage: 'There is no page of this name',
  searchOr: 'Search on the left, or',
  begin: 'begin at the start',
  general: 'General',
  features: 'Features',
  tools: 'Tools',
  outcomes: 'Outcomes of tools',
  errors: 'Errors',
  suspects: 'Suspect originals',
});
