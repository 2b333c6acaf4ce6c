import type { ModelEvaluation } from '../model/assembleEvaluation.ts';
import { riskThreshold, triageRates, type BoundedShare } from '../stats/learnThenTest.ts';
import { onePerPerson } from '../triage/riskStatement.ts';
import { mechanismIds } from './mechanisms.ts';

/** The risk that is asked for, as triage asks for it: at most 5 % of insufficient defacings passed, with 95 % confidence. */
export const proofRisk = { alpha: 0.05, delta: 0.05, alphaFail: 0.05 } as const;

/** What thresholds did to persons that neither a model nor the thresholds had seen. */
export interface TriageProof {
  readonly model: ModelEvaluation['model'];
  readonly variant: ModelEvaluation['variant'];
  /** The mechanism that neither model nor thresholds had seen; null where all had been. */
  readonly mechanism: string | null;
  readonly folds: number;
  /** Folds whose calibration persons were too few for a threshold: nothing is passed there. */
  readonly foldsWithoutThreshold: number;
  readonly coverage: BoundedShare;
  /** Passed among insufficient. */
  readonly missed: BoundedShare;
  /** The same with one insufficient defacing a person: the rate the guarantee is about. */
  readonly missedOnePerPerson: BoundedShare;
  /** Insufficient among passed. */
  readonly escaped: BoundedShare;
  /** Failed among adequate. */
  readonly falseAlarms: BoundedShare;
}

interface Scored {
  readonly item: string;
  readonly person: string;
  readonly label: 0 | 1;
  readonly probability: number;
  readonly fold: number;
}

/**
 * For every outer fold thresholds are set on the out-of-fold items of the other folds (Learn then Test) and applied to its
 * own: other persons than those that trained the model and those that set the thresholds. `calibration` are the items that
 * set thresholds, `tested` those they are applied to; a mechanism that was left out is left out of the former.
 */
export function triageProof({
  tested,
  calibration,
  mechanismOf,
  personOf,
  seed,
}: {
  readonly tested: ModelEvaluation;
  readonly calibration: ModelEvaluation;
  readonly mechanismOf: (item: string) => string;
  readonly personOf: (item: string) => string;
  readonly seed: number;
}): TriageProof {
  const { alpha, delta, alphaFail } = proofRisk;
  const known = scoredItems(calibration, personOf).filter(
    ({ item }) => tested.tool === null || mechanismOf(item) !== tested.tool,
  );
  const decided: { item: Scored; decision: number }[] = [];
  const items = scoredItems(tested, personOf);
  const folds = [...new Set(items.map(({ fold }) => fold))].sort((a, b) => a - b);
  let foldsWithoutThreshold = 0;
  for (const fold of folds) {
    const others = known.filter((one) => one.fold !== fold);
    const question = {
      scores: others.map(({ probability }) => probability),
      labels: others.map(({ label }) => label),
      persons: others.map(({ person }) => person),
      delta,
      seed: seed + fold,
    };
    const lower = riskThreshold({ ...question, side: 'pass', alpha });
    const upper = riskThreshold({ ...question, side: 'fail', alpha: alphaFail });
    if (lower.kind !== 'threshold') foldsWithoutThreshold++;
    const passBelow = lower.kind === 'threshold' ? lower.threshold : -Infinity;
    const failAbove = upper.kind === 'threshold' ? Math.max(upper.threshold, passBelow) : Infinity;
    for (const item of items.filter((one) => one.fold === fold))
      decided.push({
        item,
        decision: item.probability < passBelow ? 0 : item.probability > failAbove ? 1 : 0.5,
      });
  }
  const rated = (some: typeof decided): ReturnType<typeof triageRates> =>
    triageRates(
      { scores: some.map(({ decision }) => decision), labels: some.map(({ item }) => item.label) },
      { lower: 0.25, upper: 0.75 },
      delta,
    );
  const all = rated(decided);
  const single = onePerPerson(
    decided.map((one) => ({ ...one, person: one.item.person, label: one.item.label })),
    seed,
  );
  return {
    model: tested.model,
    variant: tested.variant,
    mechanism: tested.tool,
    folds: folds.length,
    foldsWithoutThreshold,
    coverage: all.coverage,
    missed: all.missRate,
    missedOnePerPerson: rated(single).missRate,
    escaped: all.escapeRate,
    falseAlarms: all.falseAlarmRate,
  };
}

/** The items of the first repeat with the outer fold that tested them. */
function scoredItems({ outOfFold, folds }: ModelEvaluation, personOf: (item: string) => string): Scored[] {
  const foldOfRow = new Map<number, number>();
  for (const { repeat, fold, testRows } of folds)
    if (repeat === 0) for (const row of testRows) foldOfRow.set(row, fold);
  const rows = [...foldOfRow.keys()].sort((a, b) => a - b);
  const first = outOfFold.filter(({ repeat }) => repeat === 0);
  if (rows.length !== first.length)
    throw new Error(`the folds of ${String(first.length)} items test ${String(rows.length)}`);
  return first.map(({ item, label, probability }, n) => ({
    item,
    person: personOf(item),
    label: label === 1 ? 1 : 0,
    probability,
    fold: foldOfRow.get(rows[n]) ?? -1,
  }));
}

/** Proofs of every model: on all mechanisms, and on each that was left out. */
export function triageProofs(
  evaluations: readonly ModelEvaluation[],
  about: Pick<Parameters<typeof triageProof>[0], 'mechanismOf' | 'personOf' | 'seed'>,
): TriageProof[] {
  const bare = (model: string): ModelEvaluation | undefined =>
    evaluations.find((one) => one.model === model && one.variant === 'without-method');
  return evaluations.flatMap((tested) => {
    const calibration = bare(tested.model);
    if (calibration === undefined) return [];
    const wanted = tested === calibration || (tested.tool !== null && isMechanism(tested.tool));
    return wanted ? [triageProof({ tested, calibration, ...about })] : [];
  });
}

const isMechanism = (tool: string): boolean => (mechanismIds as readonly string[]).includes(tool);
