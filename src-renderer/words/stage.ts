import { words } from '../state/words.svelte.ts';

/** Around the pictures of a pair. */
export const stageWords = words('stage', {
  original: 'Original',
  defaced: 'Defaced',
  originalHeld: 'Original (held)',
  showLarge: '{side}, {view}: show large',
  backToViews: 'Back to the five views',
  views: 'Views',
  notDrawn: 'This could not be drawn',
  reading: 'Reading the scan…',
});
