import { words } from '../state/words.svelte.ts';

const texts = words('phases', {
  look: 'Looking around',
  suspects: 'Looking closer',
  convert: 'Converting DICOM',
  fetch: 'Downloading',
  import: 'Importing',
  process: 'Working',
  tables: 'Writing tables',
  sample: 'Drawing sample heads',
  lab: 'Evaluating models',
  export: 'Writing images',
  'export-check': 'Checking what was written',
});

/** What a job is at, from the name of its phase; a phase without words is shown by its name. */
export const phaseWords = (phase: string): string =>
  phase in texts ? texts[phase as keyof typeof texts] : phase;
