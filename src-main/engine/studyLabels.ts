import type { LabelRow } from '../../src-shared/api/labelCalls.ts';
import type { Criterion, Label } from '../../src-shared/rating/verdict.ts';
import { labelsOf } from '../store/labels.ts';
import type { Engine } from './engine.ts';

export interface StudyLabel {
  readonly label: Label | null;
  /** Why there is none to learn from; null where there is one. */
  readonly reason: string | null;
}

/** What may be learned as the label of each defacing, by defacing: final labels of closed rounds, and imported ones. */
export function studyLabels({ store }: Engine, criterion: Criterion): ReadonlyMap<string, StudyLabel> {
  const rows = labelsOf(store, ({ state }) => state === 'closed');
  return new Map(rows.map((row) => [row.defacingId, learnable(row, criterion)]));
}

function learnable(row: LabelRow, criterion: Criterion): StudyLabel {
  const found = row[criterion];
  if (row.stale)
    return { label: null, reason: 'The defacing was made anew since it was rated; rate it again.' };
  if (found.state === 'final') return { label: found.label, reason: null };
  if (found.state === 'excluded')
    return { label: null, reason: `The original was excluded by the raters (${found.reason}).` };
  return { label: null, reason: waiting[found.waitsFor] };
}

const waiting: Readonly<Record<'round' | 'primary' | 'third' | 'consensus', string>> = {
  round: 'No final label: not in a closed round, and none was imported.',
  primary: 'No final label: a primary rater has not seen it.',
  third: 'No final label: the raters disagree, and the third has not seen it.',
  consensus: 'No final label: the raters disagree, and nothing was settled.',
};
