import { words } from '../state/words.svelte.ts';

/** The rating screen around the room. */
export const rateWords = words('rate', {
  title: 'Rate',
  about: 'Choose the round you want to go on with.',
  noneTitle: 'Nothing to rate',
  none: 'No round is open in which you rate. The owner of the study opens rounds.',
  noneOwner: 'Open a round first: choose scans, tools and who rates.',
  toRounds: 'Open a round',
  goOn: 'Go on',
  start: 'Start',
  closed: 'Closed',
  doneOf: '{done} of {total} rated',
  asThird: 'You judge where the two raters disagree.',
  allDone: 'All pairs are rated',
  allDoneAbout: 'You rated {done} of {total} pairs of this round. Backspace goes back to the last one.',
  thirdDone: 'No disagreement waits for you',
  thirdDoneAbout: 'You judged {done} so far. More may come while the two raters go on.',
  back: 'Back to the last pair',
  leave: 'Leave',
  practiceFirst: 'Practice comes first',
  practiceAbout:
    'This round asks for ten practice pairs before you begin. They explain the criteria, one by one.',
  toPractice: 'To the practice',
  restTitle: 'Take your time',
  restAbout:
    'The clock stands still and the faces are covered. You rated {done} of {total} pairs. Any key goes on.',
  criterion: 'The criteria of this round',
});
