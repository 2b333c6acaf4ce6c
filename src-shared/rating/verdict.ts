/**
 * One look gives one of three ordered verdicts: 1 passes strict, 2 passes lenient only, 3 insufficient. Strict pass
 * implies lenient pass.
 */
export const verdicts = [1, 2, 3] as const;
export type Verdict = (typeof verdicts)[number];

export const criteria = ['strict', 'lenient'] as const;
export type Criterion = (typeof criteria)[number];

/** What remains, as tags that must be given for a 3. `brain` is set with "brain cut" and is no reason for a 3 alone. */
export const remains = ['eyes', 'nose', 'mouth', 'cheeks', 'jaw', 'forehead', 'ears'] as const;
export type Remain = (typeof remains)[number];

/** Why an original leaves the analysis with all its defacings. */
export const exclusionReasons = [
  'already-defaced',
  'incomplete-head',
  'rendering-artefact',
  'other',
] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

/** 1 = insufficient (the positive class), 0 = adequate. */
export type Label = 0 | 1;

export const labelOf = (verdict: Verdict, criterion: Criterion): Label =>
  verdict === 3 || (criterion === 'strict' && verdict === 2) ? 1 : 0;

/** What a rater gave on one look: a verdict, or an exclusion of the original instead. */
export interface Look {
  readonly verdict: Verdict | null;
  readonly exclusion: ExclusionReason | null;
  readonly remains: readonly Remain[];
  readonly brainCut: boolean;
  readonly note: string;
  /** 1 unsure, 2 fairly sure, 3 certain; null not said. */
  readonly confidence: 1 | 2 | 3 | null;
}

/**
 * What is missing before a look may be committed, as a sentence; null when it is complete. Verdict 3 wants at least one
 * thing that remains; an exclusion "other" wants a note; nothing is both rated and excluded.
 */
export function incomplete(look: Look): string | null {
  if (look.exclusion !== null) {
    if (look.verdict !== null) return 'Either rate this pair or exclude its original, not both.';
    return look.exclusion === 'other' && look.note.trim() === ''
      ? 'Say in the note why the original is excluded.'
      : null;
  }
  if (look.verdict === null) return 'Choose 1, 2 or 3.';
  if (look.verdict === 3 && look.remains.length === 0) return 'Say what remains of the face.';
  return look.verdict === 1 && look.remains.length > 0
    ? 'A defacing that passes strict leaves nothing of the face.'
    : null;
}
