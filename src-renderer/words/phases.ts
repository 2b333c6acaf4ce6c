import { words } from '../state/words.svelte.ts';

const texts = words('phases', {
  look: 'Looking at files',
  import: 'Importing',
  process: 'Defacing, drawing, measuring',
  tables: 'Writing tables',
  sample: 'Drawing sample heads',
});

/** What a job is at, from the name of its phase; a phase without words is shown by its name. */
export const phaseWords = (phase: string): string =>
  phase in texts ? texts[phase as keyof typeof texts] : phase;
