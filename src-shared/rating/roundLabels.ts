import { finalLabel, isDisputed, type FinalLabel, type StandingVerdicts } from './finalLabel.ts';
import { criteria, type Criterion, type ExclusionReason, type Look } from './verdict.ts';

/** 1 and 2 are the primary raters, 3 adjudicates. */
export type RaterPlace = 1 | 2 | 3;

/** What stands of one rater on one defacing: corrections have replaced what they correct; hidden repeats are left out. */
export interface StandingLook {
  readonly defacingId: string;
  readonly scanId: string;
  readonly place: RaterPlace;
  readonly look: Look;
}

export interface Decision {
  readonly verdict: Look['verdict'];
  readonly exclusion: ExclusionReason | null;
}

/** A round as far as labels depend on it. */
export interface RoundFacts {
  readonly defacings: readonly { readonly id: string; readonly scanId: string }[];
  readonly looks: readonly StandingLook[];
  /** The newest decision of the consensus session, by defacing. */
  readonly consensus: ReadonlyMap<string, Decision>;
  /** Whether somebody adjudicates; without, disagreements wait for the consensus session. */
  readonly hasThird: boolean;
}

export interface DefacingLabels {
  readonly defacingId: string;
  readonly scanId: string;
  /** By place; null where that rater has said nothing. */
  readonly standing: StandingVerdicts;
  /** The looks themselves; null as well where the rater excluded the original at another of its defacings. */
  readonly looks: readonly [Look | null, Look | null, Look | null];
  readonly disputed: readonly Criterion[];
  readonly labels: Readonly<Record<Criterion, FinalLabel>>;
}

/**
 * Final labels of a round by the stated rule (finalLabel.ts). An exclusion is about the original: a rater who excludes it
 * at one defacing has said so of all its defacings in the round, and so has the consensus session.
 */
export function roundLabels({ defacings, looks, consensus, hasThird }: RoundFacts): DefacingLabels[] {
  const said = new Map<string, Look>();
  const excluded = new Map<string, ExclusionReason>();
  for (const { defacingId, scanId, place, look } of looks) {
    said.set(`${place} ${defacingId}`, look);
    if (look.exclusion !== null) excluded.set(`${place} ${scanId}`, look.exclusion);
  }
  const excludedTogether = new Map<string, ExclusionReason>();
  for (const { id, scanId } of defacings) {
    const exclusion = consensus.get(id)?.exclusion ?? null;
    if (exclusion !== null) excludedTogether.set(scanId, exclusion);
  }
  return defacings.map(({ id, scanId }) => {
    const lookOf = (place: RaterPlace): Look | null => said.get(`${place} ${id}`) ?? null;
    const standingOf = (place: RaterPlace): Decision | null => {
      const exclusion = excluded.get(`${place} ${scanId}`);
      if (exclusion !== undefined) return { verdict: null, exclusion };
      const look = lookOf(place);
      return look === null ? null : { verdict: look.verdict, exclusion: look.exclusion };
    };
    const together = excludedTogether.get(scanId);
    const standing: StandingVerdicts = {
      primary: [standingOf(1), standingOf(2)],
      third: standingOf(3),
      consensus:
        together === undefined ? (consensus.get(id) ?? null) : { verdict: null, exclusion: together },
    };
    const label = (criterion: Criterion): FinalLabel => {
      const found = finalLabel(standing, criterion);
      return found.state === 'open' && found.waitsFor === 'third' && !hasThird
        ? { state: 'open', waitsFor: 'consensus' }
        : found;
    };
    return {
      defacingId: id,
      scanId,
      standing,
      looks: [lookOf(1), lookOf(2), lookOf(3)],
      disputed: criteria.filter((criterion) => isDisputed(standing, criterion)),
      labels: { strict: label('strict'), lenient: label('lenient') },
    };
  });
}
