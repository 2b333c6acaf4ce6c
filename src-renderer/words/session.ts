import { words } from '../state/words.svelte.ts';

export const sessionWords = words('session', {
  who: 'Who is here?',
  whoAbout: 'This study has accounts. Choose your name, then give your password or PIN.',
  secret: 'Password or PIN',
  signIn: 'Sign in',
  lockedFor: 'Locked for {name}',
  lockedAbout: 'Nobody did anything for a while, or the workstation was locked. Your place is kept.',
  unlock: 'Unlock',
  somebodyElse: 'Somebody else',
  back: 'Back',
  stay: 'Stay signed in as {name}',
  lock: 'Lock',
  switchPerson: 'Change person',
  signOut: 'Sign out',
  blind: 'A round is open: tools, scores and what others said are hidden.',
  owner: 'Owner',
  rater: 'Rater',
  viewer: 'Viewer',
});
