import { labelOf } from '../rating/verdict.ts';
import { quantileSorted } from '../stats/quantile.ts';
import type { MeasuredFeature } from './benchmarkTable.ts';
import type { LabelledItem } from './labelledScores.ts';
import { labelOfTruth, type FeatureNumbers, type MeasuredItem } from './measuredItem.ts';
import type { FeatureShift } from './studyResult.ts';

/** Where the labelled values of every feature lie among the simulated ones, by lenient label. */
export function featureShifts(
  simulated: readonly MeasuredItem[],
  labelled: readonly LabelledItem[],
  measured: readonly MeasuredFeature[],
): FeatureShift[] {
  const simulatedRows = simulated.map(({ features, truth }) => ({
    features,
    label: labelOfTruth(truth, 'lenient'),
  }));
  const labelledRows = labelled.map(({ features, verdict }) => ({
    features,
    label: labelOf(verdict, 'lenient'),
  }));
  return measured.map(({ id }) => {
    const all = valuesOf(simulatedRows, id);
    const theirs = valuesOf(labelledRows, id);
    const [low, high] = [all.at(0) ?? NaN, all.at(-1) ?? NaN];
    return {
      feature: id,
      simulated: mediansOf(simulatedRows, id),
      labelled: mediansOf(labelledRows, id),
      outsideShare:
        theirs.length === 0
          ? 0
          : theirs.filter((value) => value < low || value > high).length / theirs.length,
    };
  });
}

interface Row {
  readonly features: FeatureNumbers;
  readonly label: number;
}

const valuesOf = (rows: readonly Row[], id: string): number[] =>
  rows.flatMap(({ features }) => features[id] ?? []).sort((a, b) => a - b);

function mediansOf(rows: readonly Row[], id: string): FeatureShift['simulated'] {
  const [adequate, insufficient] = [0, 1].map((label) => {
    const values = valuesOf(
      rows.filter((row) => row.label === label),
      id,
    );
    return values.length === 0 ? null : quantileSorted(Float64Array.from(values), 0.5);
  });
  return { adequate, insufficient };
}
