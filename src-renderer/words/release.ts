import { words } from '../state/words.svelte.ts';

/** Texts of the screens between measurements and what leaves: triage, choice, export, report. */
export const releaseWords = words('release', {
  triage: 'Triage',
  triageAbout:
    'Which defacings need a human: a model decides under the risk you state, the rest waits here in the order of what a wrong decision would cost.',
  noModel: 'No model to decide with',
  noModelBody: 'Evaluate models in the lab and keep one, or add a model file from another study.',
  goLab: 'Go to the lab',
  model: 'Model',
  risk: 'Largest share of insufficient defacings passed',
  confidence: 'Confidence',
  decide: 'Decide',
  deciding: 'Deciding…',
  queue: 'To look at',
  all: 'All',
  name: 'Your name',
  queueEmpty: 'Nothing waits for a look.',
  why: 'Why',
  verdict1: 'Passes strict',
  verdict2: 'Passes lenient only',
  verdict3: 'Insufficient',
  nameFirst: 'Give your name first: verdicts are on record.',
  choose: 'Choose',
  chooseAbout:
    'One defacing for each scan: the one that passes with the least brain loss, or another that passes, by hand.',
  used: 'Used',
  success: 'Success of each tool',
  reason: 'Reason',
});
