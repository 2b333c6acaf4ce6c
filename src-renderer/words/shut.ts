import { words } from '../state/words.svelte.ts';

/** What is left on the screen when the host no longer answers this browser. */
export const shutWords = words('shut', {
  title: 'Locked',
  about:
    'Nobody was here for a while, or this address was opened elsewhere. The window the workstation was started from has printed a new address: open that one.',
  kept: 'Work that was begun goes on, and nothing is lost.',
  again: 'I have opened it',
});
