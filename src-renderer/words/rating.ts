import type { ExclusionReason, Remain, Verdict } from '../../src-shared/rating/verdict.ts';
import type { ViewName } from '../../src-shared/views/viewNames.ts';
import { words } from '../state/words.svelte.ts';

const verdictTexts = words('verdicts', {
  v1: 'Passes strict',
  v2: 'Passes lenient only',
  v3: 'Insufficient',
  about1: 'Nothing of the face is left',
  about2: 'A trace of one feature at most',
  about3: 'The face can be seen',
});
const exclusionTexts = words('exclusions', {
  'already-defaced': 'Already defaced',
  'incomplete-head': 'Head is incomplete',
  'rendering-artefact': 'Drawn wrongly',
  other: 'Something else (say in the note)',
});
const confidenceTexts = words('confidence', {
  c0: 'Not said',
  c1: 'Unsure',
  c2: 'Fairly sure',
  c3: 'Certain',
});
const viewTexts = words('views', {
  front: 'Front',
  left: 'Left',
  right: 'Right',
  left45: 'Left 45°',
  right45: 'Right 45°',
});

export const remainWords = words('remains', {
  eyes: 'Eyes',
  nose: 'Nose',
  mouth: 'Mouth',
  cheeks: 'Cheeks',
  jaw: 'Jaw',
  forehead: 'Forehead',
  ears: 'Ears',
}) satisfies Record<Remain, string>;

export const verdictWords = (verdict: Verdict): string => verdictTexts[`v${verdict}`];
export const verdictMeaning = (verdict: Verdict): string => verdictTexts[`about${verdict}`];
export const exclusionWords = (reason: ExclusionReason): string => exclusionTexts[reason];
export const confidenceWords = (confidence: 1 | 2 | 3 | null): string =>
  confidenceTexts[`c${confidence ?? 0}`];
export const viewWords = (view: ViewName): string => viewTexts[view];

/** What is said to a screen reader, and shown under the rail, as a look is given. */
export const saidWords = words('said', {
  verdict: '{n}: {verdict}.',
  remains: 'Remains: {feature}.',
  gone: 'Gone after all: {feature}.',
  brainCut: 'Brain cut.',
  brainIntact: 'Brain intact.',
  nothingRemains: 'A defacing that passes strict leaves nothing: choose 2 or 3 first.',
  excludedAlready: 'The original is excluded: choose a verdict to rate it after all.',
  chooseExclusion: 'Exclude the original: 1 to 4 for the reason, Escape to leave it.',
  excluded: 'Original excluded: {reason}.',
  notExcluded: 'Not excluded.',
  confidence: 'Confidence: {confidence}.',
});
