import { words } from '../state/words.svelte.ts';

export const sheetWords = words('keySheet', {
  title: 'Keys of the rating room',
  about:
    'Press a key to do what stands beside it. While a text field has the cursor, keys only write. Click a key to change it; this window remembers your choice.',
  change: '{action}: key {key}. Change it',
  press: 'press a key',
  taken: '{key} is taken: {action}.',
  reset: 'As shipped',
  close: 'Close',
});
