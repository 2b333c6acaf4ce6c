import type { PracticeTruth } from './practiceItem.ts';
import type { Look, Remain } from './verdict.ts';

const names: Readonly<Record<Remain, string>> = {
  eyes: 'the eyelids',
  nose: 'the nose',
  mouth: 'the mouth',
  cheeks: 'the cheeks',
  jaw: 'chin and jaw',
  forehead: 'the forehead',
  ears: 'the ears',
};
const percent = (share: number): string => (share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`);

/** Why a practice pair has its verdict, and where the look differs, in sentences for the one who looked. */
export function explainPractice(truth: PracticeTruth, given: Look): string[] {
  const decisive = truth.regions.filter(({ region }) => ['eyes', 'nose', 'mouth'].includes(region));
  const of = (state: string) => decisive.filter((each) => each.state === state);
  const listed = (regions: typeof decisive): string =>
    regions.map(({ region, share }) => `${names[region]} (${percent(share)} of the skin)`).join(', ');
  const sentences: string[] = [];
  if (truth.verdict === 1) {
    sentences.push(
      'Eyelids, nose and mouth are gone, and most of cheeks and jaw: it passes strict, so 1 is right.',
    );
  } else if (truth.verdict === 2) {
    const trace = of('trace');
    sentences.push(
      trace.length === 0
        ? 'Eyelids, nose and mouth are gone, but much of cheeks and jaw is left: lenient only, so 2 is right.'
        : `A trace is left of ${listed(trace)} and the face as a whole is gone: lenient only, so 2 is right.`,
    );
  } else {
    const present = of('present');
    const left = present.length > 0 ? present : of('trace');
    sentences.push(
      left.length === 0
        ? 'Most of the face is left: it passes neither criterion, so 3 is right.'
        : `Still there: ${listed(left)}. That is more than a trace of one feature, so 3 is right.`,
    );
  }
  if (given.exclusion !== null)
    sentences.push('The original is a whole, untouched head: there was no reason to exclude it.');
  else if (given.verdict !== truth.verdict) {
    sentences.push(
      given.verdict !== null && given.verdict < truth.verdict
        ? `You gave ${given.verdict}: you overlooked what is left.`
        : `You gave ${given.verdict ?? 'no verdict'}: that is stricter than the criterion. Eyeballs inside the orbit, forehead and ears do not count.`,
    );
  }
  if (truth.brainCut)
    sentences.push(
      `${truth.brainLossMl.toFixed(1)} ml of brain were removed${given.brainCut ? '.' : ': mark "brain cut", whatever the face looks like.'}`,
    );
  else if (given.brainCut) sentences.push('The brain is intact.');
  return sentences;
}
