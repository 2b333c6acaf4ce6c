import { words } from '../state/words.svelte.ts';

export const reportWords = words('report', {
  title: 'Report',
  about: 'One page that needs nothing else, and the same as PDF.',
  save: 'Save',
  saving: 'Saving…',
  criterion: 'Criterion',
  pictures: 'Pictures',
  none: 'None',
  defaced: 'Defaced heads, small',
  all: 'Originals too',
  facesLeave: 'Pictures of originals are faces. Whoever gets this report sees them.',
  heading: 'Title',
  headingDefault: 'Defacing of head scans',
  folder: 'Folder to save in',
  page: 'The report as it will be saved',
  writing: 'Writing the report…',
  saved: 'Saved: {files}.',
});
