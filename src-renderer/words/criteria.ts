import { words } from '../state/words.svelte.ts';

export const criterionWords = words('criteria', {
  lenient: 'Lenient',
  strict: 'Strict',
});
