import type { Remain, Verdict } from '../rating/verdict.ts';
import { defaultCuts, stateOf, type RegionState, type StateCuts } from './faceRegion.ts';
import type { FaceFeatures } from './faceFeatures.ts';

export interface RegionVerdict {
  /** null where regions cannot tell. */
  readonly verdict: Verdict | null;
  /** What is left of the eyes, the nose and the mouth, in words; or why there is no verdict. */
  readonly reason: string;
  readonly remains: readonly Remain[];
}

/** Cheeks and jaw left by more than this are no longer mostly gone. */
const most = 0.5;

/**
 * The verdict that the definitions give for what is left of a face, without any learning. Insufficient: of eyes, nose or
 * mouth more than a trace is left (above 10 %), or traces that together are more than one. Strict: all three gone (under 1 %), the lids
 * no more than a trace, and most of cheeks, chin and jaw gone. Eyes count by their openings, both together, and each
 * alone by half. Features that the image does not show count for nothing; where it shows none, and where skin was
 * replaced by other skin, there is no verdict.
 */
export function regionVerdict(features: FaceFeatures, cuts: StateCuts = defaultCuts): RegionVerdict {
  const seen = seenFeatures(features, cuts);
  if (seen.length === 0)
    return { verdict: null, reason: 'The image shows neither eyes, nose nor mouth.', remains: [] };
  const present = seen.filter(({ state }) => state === 'present');
  const traces = seen.filter(({ state }) => state === 'trace');
  const remains = (some: typeof seen): Remain[] => some.map(({ name }) => name);
  if (present.length > 0) {
    return { verdict: 3, reason: `${sentence(present)}.`, remains: remains([...present, ...traces]) };
  }
  if (traces.reduce((sum, { share }) => sum + share, 0) > cuts.trace)
    return { verdict: 3, reason: `Traces of more than one: ${sentence(traces)}.`, remains: remains(traces) };
  if (features.changed > cuts.trace) {
    return {
      verdict: null,
      reason: `Skin was replaced by other skin on ${percent(features.changed)} of the face. Whether it still shows the person, people have to judge.`,
      remains: [],
    };
  }
  if (traces.length > 0)
    return { verdict: 2, reason: `A trace: ${sentence(traces)}.`, remains: remains(traces) };
  const { lids, lowerFace } = features;
  if (lids !== null && stateOf(lids, cuts) === 'present')
    return { verdict: 2, reason: `Lids partly visible: ${percent(lids)} of their skin.`, remains: ['eyes'] };
  if (lowerFace !== null && lowerFace > most)
    return {
      verdict: 2,
      reason: `${percent(lowerFace)} of cheeks and jaw still there.`,
      remains: ['cheeks'],
    };
  return { verdict: 1, reason: 'Eyes, nose and mouth are gone.', remains: [] };
}

interface Seen {
  readonly name: 'eyes' | 'nose' | 'mouth';
  readonly share: number;
  readonly state: RegionState;
}

function seenFeatures({ leftEye, rightEye, nose, lips }: FaceFeatures, cuts: StateCuts): Seen[] {
  const eyes = [leftEye, rightEye].filter((share) => share !== null);
  const both = eyes.length === 0 ? null : eyes.reduce((sum, share) => sum + share, 0) / eyes.length;
  const found: Seen[] = [];
  const add = (name: Seen['name'], share: number | null, whole = false): void => {
    if (share !== null) found.push({ name, share, state: whole ? 'present' : stateOf(share, cuts) });
  };
  add('eyes', both, eyes.some((share) => share >= 0.5)); // prettier-ignore
  add('nose', nose);
  add('mouth', lips);
  return found;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const sentence = (some: readonly Seen[]): string =>
  some.map(({ name, share }) => `${name} still there by ${percent(share)}`).join(', ');
