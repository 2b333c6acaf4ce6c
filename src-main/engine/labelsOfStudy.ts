import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { LabelState } from '../../src-shared/release/gate.ts';
import { labelsOf, labelsOfRound } from '../store/labels.ts';
import type { Engine } from './engine.ts';

export interface StudyLabel {
  readonly label: LabelState;
  /** The defacing was made anew since it was rated. */
  readonly stale: boolean;
  /** Somebody whose verdict stands said that brain was cut. */
  readonly brainCut: boolean;
}

/** The label that counts in the study for each defacing, by defacing. */
export function labelsOfStudy(
  { store, triage, derived }: Engine,
  criterion: Criterion,
): Map<string, StudyLabel> {
  const rows = labelsOf(store);
  const cut = new Set<string>();
  for (const roundId of new Set(rows.map((row) => row.roundId).filter((id) => id !== null)))
    for (const { defacingId, looks } of labelsOfRound(store, roundId))
      if (looks.some((look) => look?.brainCut === true)) cut.add(defacingId);
  for (const { defacingId, defacingKey, brainCut } of triage.verdicts().values())
    if (brainCut && derived.defacingById(defacingId)?.inputKey === defacingKey) cut.add(defacingId);
  return new Map(
    rows.map((row) => [
      row.defacingId,
      { label: row[criterion], stale: row.stale, brainCut: cut.has(row.defacingId) },
    ]),
  );
}

/** 1 insufficient, 0 adequate, null without a final label of this very image. */
export const decidedLabel = (found: StudyLabel | undefined): 0 | 1 | null =>
  found?.label.state === 'final' && !found.stale ? found.label.label : null;
