import { words } from '../state/words.svelte.ts';

/** What the rating room says of itself: why a key did nothing, what it did. */
export const roomWords = words('ratingRoom', {
  tooSoon: 'Look for {seconds} seconds more.',
  nothingBefore: 'This is the first pair you rated.',
  nothingToUndo: 'There is no verdict to take back.',
  ratedAlready: 'This pair is rated already. Enter goes on.',
  undone: 'Your last verdict is taken back; rate this pair again.',
  putOff: 'Put off: it comes again at the end.',
  pair: 'Pair {position} of {total}.',
  pairBefore: 'Pair {position} of {total}, rated before. Enter goes on, or change it and press Enter.',
});
