import type { Outcome } from '../domain/outcome.ts';
import type { FinalLabel } from '../rating/finalLabel.ts';
import type { Criterion, Label } from '../rating/verdict.ts';

/** Why something stays in the building. Reasons of the label can be overruled by a named person; the others can not. */
export const holdReasons = {
  'not-rated': { overrulable: true, sentence: 'Nobody has rated this defacing.' },
  'label-stale': {
    overrulable: true,
    sentence: 'The defacing was made anew after it was rated, so its label is of another image.',
  },
  'rating-open': { overrulable: true, sentence: 'One of the two primary ratings is missing.' },
  'disagreement-open': {
    overrulable: false,
    sentence: 'The raters disagree and this is not settled yet.',
  },
  insufficient: { overrulable: true, sentence: 'The final label is insufficient.' },
  excluded: { overrulable: false, sentence: 'Raters excluded the original from the analysis.' },
  'brain-cut': { overrulable: true, sentence: 'Brain was removed.' },
  'no-defacing': { overrulable: false, sentence: 'The tool made no defacing of this scan.' },
  'file-changed': {
    overrulable: false,
    sentence: 'A file of this defacing is missing or not as it was written. Run the batch again.',
  },
  'contrast-unknown': {
    overrulable: false,
    sentence: 'The contrast of this scan is not known, so it has no BIDS name. Name it at the import.',
  },
  'name-in-file-name': {
    overrulable: false,
    sentence: 'The file name would hold something that is known of the person. Give new labels.',
  },
  'label-not-a-code': {
    overrulable: false,
    sentence:
      'The file name would hold a word that may be a name. Give new labels, or say that it is a code.',
  },
  'text-about-person': {
    overrulable: false,
    sentence: 'A text that would be written holds something that is known of the person.',
  },
  'not-chosen': { overrulable: false, sentence: 'Another defacing of this scan was chosen.' },
} as const;
export type HoldReason = keyof typeof holdReasons;

/** The final label of a defacing as far as it has one. */
export type LabelState =
  | FinalLabel
  | { readonly state: 'final'; readonly label: Label; readonly by: 'import' }
  | { readonly state: 'open'; readonly waitsFor: 'round' };

/** A named person lets a defacing out, with a reason; holds for exactly these bytes under one criterion. */
export interface Acceptance {
  readonly id: number;
  readonly defacingId: string;
  readonly criterion: Criterion;
  readonly imageSha256: string;
  readonly name: string;
  readonly reason: string;
  /** Set where the person accepted what a triage run had passed. */
  readonly triageRunId: number | null;
  /** UTC, ISO 8601. */
  readonly at: string;
}

export interface GateInput {
  readonly outcome: Outcome;
  readonly label: LabelState;
  /** The label is of an earlier defacing of the same scan by the same tool. */
  readonly stale: boolean;
  readonly acceptance: Acceptance | null;
  /** Raters or the tool's own check say that brain was cut. */
  readonly brainCut: boolean;
  /** Findings that depend on the names and texts of this export. */
  readonly textual: readonly HoldReason[];
  readonly filesIntact: boolean;
}

export type GateAnswer =
  | { readonly pass: true; readonly by: 'label' | 'acceptance' }
  | { readonly pass: false; readonly reasons: readonly HoldReason[] };

const openReasons = {
  round: 'not-rated',
  primary: 'rating-open',
  third: 'disagreement-open',
  consensus: 'disagreement-open',
} as const;

/** Reasons of the label alone. */
function labelReasons({ label, stale, brainCut }: GateInput): HoldReason[] {
  const reasons: HoldReason[] = [];
  if (label.state === 'excluded') reasons.push('excluded');
  else if (label.state === 'open') reasons.push(openReasons[label.waitsFor]);
  else if (stale) reasons.push('label-stale');
  else if (label.label === 1) reasons.push('insufficient');
  if (brainCut) reasons.push('brain-cut');
  return reasons;
}

/**
 * Whether one defacing may leave: its final label is adequate under the criterion, or a named person accepted it with a
 * reason; and nothing else speaks against it. An acceptance overrules the label and a cut brain, never an open
 * disagreement, a changed file or a name in a text.
 */
export function gate(input: GateInput): GateAnswer {
  const fixed: HoldReason[] = [];
  if (input.outcome !== 'done' && input.outcome !== 'brain-cut') fixed.push('no-defacing');
  else if (!input.filesIntact) fixed.push('file-changed');
  fixed.push(...input.textual);
  const fromLabel = fixed.includes('no-defacing') ? [] : labelReasons(input);
  const open = fromLabel.filter((reason) => input.acceptance === null || !holdReasons[reason].overrulable);
  const reasons = [...fixed, ...open];
  if (reasons.length > 0) return { pass: false, reasons };
  return { pass: true, by: fromLabel.length > 0 ? 'acceptance' : 'label' };
}
