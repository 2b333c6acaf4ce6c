import type { FeatureValue } from '../../src-shared/domain/study.ts';
import type { Provenance } from '../../src-shared/domain/provenance.ts';
import { measuredGroups, type MeasuredGroup } from '../../src-shared/predictors/predictor.ts';
import type { Store } from './openStore.ts';

export interface PredictorMeasurement {
  readonly defacingId: string;
  readonly group: MeasuredGroup;
  readonly inputKey: string;
  readonly provenance: Provenance;
}

/** Predictors of defacings, group by group. The key says what they were measured from. */
export function predictorRowsOf({ db, atOnce }: Store) {
  const measured = db.prepare<[string, string], { input_key: string; provenance: string }>(
    'SELECT input_key, provenance FROM predictor_measurement WHERE defacing_id = ? AND part = ?',
  );
  const values = db.prepare<[string, string], FeatureValue>(
    'SELECT feature, version, value, reason FROM predictor WHERE defacing_id = ? AND part = ? ORDER BY rowid',
  );
  const anyOf = db.prepare<[string], { n: number }>(
    'SELECT EXISTS (SELECT 1 FROM predictor_measurement WHERE part = ?) AS n',
  );
  const drop = db.prepare('DELETE FROM predictor_measurement WHERE defacing_id = ? AND part = ?');
  const add = db.prepare(
    'INSERT INTO predictor_measurement (defacing_id, part, input_key, provenance) VALUES (?, ?, ?, ?)',
  );
  const addValue = db.prepare(
    'INSERT INTO predictor (defacing_id, part, feature, version, value, reason) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    key: (defacingId: string, group: MeasuredGroup): string | null =>
      measured.get(defacingId, group)?.input_key ?? null,
    /** What was measured of a defacing, for taking it over into another study. */
    of: (defacingId: string): { measurement: PredictorMeasurement; values: FeatureValue[] }[] =>
      measuredGroups.flatMap((group) => {
        const row = measured.get(defacingId, group);
        if (row === undefined) return [];
        const provenance = JSON.parse(row.provenance) as Provenance;
        return [
          {
            measurement: { defacingId, group, inputKey: row.input_key, provenance },
            values: values.all(defacingId, group),
          },
        ];
      }),
    /** Groups that some defacing of this study has. */
    present: (): MeasuredGroup[] => measuredGroups.filter((group) => anyOf.get(group)?.n === 1),
    save: (
      { defacingId, group, inputKey, provenance }: PredictorMeasurement,
      found: readonly FeatureValue[],
    ): void =>
      atOnce(() => {
        drop.run(defacingId, group);
        add.run(defacingId, group, inputKey, JSON.stringify(provenance));
        for (const { feature, version, value, reason } of found)
          addValue.run(defacingId, group, feature, version, value, reason);
      }),
  };
}
