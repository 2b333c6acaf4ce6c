import { words } from '../state/words.svelte.ts';

export const homeWords = words('home', {
  title: 'Studies',
  about:
    'A study is one folder: its scans’ records, defacings, views and measurements. Original scans are never changed.',
  open: 'Open…',
  new: 'New study…',
  newTitle: 'Where shall the new study lie?',
  newChoose: 'Make the study here',
  newName: 'my-study',
  openTitle: 'Open a study',
  openChoose: 'Open',
  sampling: 'Drawing invented heads for the sample study: {done} of {total}.',
  emptyTitle: 'No study yet',
  emptyText:
    'Make a new study and point it at a folder of head scans, or look around in the sample study first: a few invented heads, so no one’s face is shown.',
  sample: 'Open the sample study',
  recent: 'Recent',
  missing: 'not found: moved or deleted',
  opened: 'opened {date}',
  forget: 'Forget',
  forgetTitle: 'Takes it off this list; the study stays where it is',
  forgot: 'Took {name} off the list',
  toolsTitle: 'Tools on this machine',
  toolsFound: '{found} of {all} defacers are here.',
  toolsMore: 'Which, and what mends what is missing',
  steps: 'How a study goes',
  step1: 'Import a folder, DICOM or scans of an XNAT server.',
  step2: 'Run several defacers on each scan.',
  step3: 'Compare, and have people rate the faces that are left.',
  step4: 'Share only what passed, with a report.',
});
