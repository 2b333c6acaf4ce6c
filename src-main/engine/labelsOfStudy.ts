import type { Criterion } from '../../src-shared/rating/verdict.ts';
import type { LabelState } from '../../src-shared/release/gate.ts';
import type { Engine } from './engine.ts';

export interface StudyLabel {
  readonly label: LabelState;
  readonly stale: boolean;
  /** A standing verdict behind the label says that brain was cut. */
  readonly brainCut: boolean;
}

/** The label that counts in the study for each defacing that has one. */
export function labelsOfStudy({ release }: Engine, criterion: Criterion): Map<string, StudyLabel> {
  return new Map(
    release
      .importedLabels(criterion)
      .map(({ defacingId, label }) => [
        defacingId,
        { label: { state: 'final', label, by: 'import' }, stale: false, brainCut: false },
      ]),
  );
}
