import { labelOf, type Criterion, type ExclusionReason, type Label, type Verdict } from './verdict.ts';

/** The standing verdicts on one defacing: corrections have replaced what they correct, hidden repeats are left out. */
export interface StandingVerdicts {
  readonly primary: readonly [StandingVerdict | null, StandingVerdict | null];
  /** Of the third rater, who sees only disagreements. */
  readonly third: StandingVerdict | null;
  /** Decided together, with a sentence. */
  readonly consensus: StandingVerdict | null;
}

export interface StandingVerdict {
  readonly verdict: Verdict | null;
  readonly exclusion: ExclusionReason | null;
}

export type FinalLabel =
  | { readonly state: 'final'; readonly label: Label; readonly by: 'agreement' | 'majority' | 'consensus' }
  | {
      readonly state: 'excluded';
      readonly reason: ExclusionReason;
      readonly by: 'agreement' | 'majority' | 'consensus';
    }
  | { readonly state: 'open'; readonly waitsFor: 'primary' | 'third' | 'consensus' };

/**
 * The final label under one criterion: agreement of the two primary raters, else the majority with the third, else
 * consensus, which overrules where it was reached. Derived, never stored as raw data. Exclusion is one of the three
 * answers a rater can give, so agreement and majority run over {adequate, insufficient, excluded}.
 * Source: DefaceQA (BMC Med Imaging 2026;26:109), adjudication; consensus session ours.
 */
export function finalLabel(standing: StandingVerdicts, criterion: Criterion): FinalLabel {
  const { primary, third, consensus } = standing;
  if (consensus !== null) return settled([consensus], criterion, 'consensus');
  const [first, second] = primary;
  if (first === null || second === null) return { state: 'open', waitsFor: 'primary' };
  if (same(first, second, criterion)) return settled([first, second], criterion, 'agreement');
  if (third === null) return { state: 'open', waitsFor: 'third' };
  const ally = [first, second].find((rater) => same(rater, third, criterion));
  return ally === undefined
    ? { state: 'open', waitsFor: 'consensus' }
    : settled([ally, third], criterion, 'majority');
}

/** Whether the two primary raters must be judged by a third under this criterion, exclusions included. */
export function isDisputed({ primary: [first, second] }: StandingVerdicts, criterion: Criterion): boolean {
  return first !== null && second !== null && !same(first, second, criterion);
}

function answer(standing: StandingVerdict, criterion: Criterion): Label | 'excluded' {
  return standing.verdict === null ? 'excluded' : labelOf(standing.verdict, criterion);
}

const same = (a: StandingVerdict, b: StandingVerdict, criterion: Criterion): boolean =>
  answer(a, criterion) === answer(b, criterion);

function settled(
  raters: readonly StandingVerdict[],
  criterion: Criterion,
  by: 'agreement' | 'majority' | 'consensus',
): FinalLabel {
  const label = answer(raters[0], criterion);
  if (label !== 'excluded') return { state: 'final', label, by };
  return {
    state: 'excluded',
    reason: raters.find(({ exclusion }) => exclusion !== null)?.exclusion ?? 'other',
    by,
  };
}
